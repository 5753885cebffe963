"""Links with terms: an end, a number of visits, a password, a card, further targets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from campaigns.links import changing, statistics
from campaigns.links.changing import Terms, WantedWay
from campaigns.links.counting import write_visits
from campaigns.links.making import link_on
from campaigns.links.models import Hit, Link, Verdict
from commons import clock
from commons.db import db
from commons.errors import Conflict, Gone, Invalid
from commons.events import Event
from tests.campaigns.factories import PHONE, a_lead, a_link, personal_link_of, visit
from tests.community.inbox.factories import make_account
from tests.factories import make_fan, sign_in

Drain = Callable[[], int]

TARGET = "https://example.org/tea"
ON_A_PHONE = {"User-Agent": PHONE, "Accept-Language": "en"}
A_PREVIEWER = {"User-Agent": "Twitterbot/1.0", "Accept-Language": "en"}


def with_terms(link: Link, **terms: Any) -> Link:
    changing.change(link, Terms(target=terms.pop("target", link.target), **terms), by=a_lead(), at=clock.now())
    return link


def kinds(link: Link) -> list[str]:
    query = select(Event.kind).where(Event.subject_type == "link", Event.subject_id == link.id)
    return list(db.session.scalars(query.order_by(Event.id)))


def test_a_link_leads_on_until_its_last_moment(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = with_terms(a_link(), expires_at=at + timedelta(hours=1))
    assert client.get(f"/l/{link.slug}", headers=ON_A_PHONE).status_code == 302
    clock.set_to(at + timedelta(hours=1))
    over = client.get(f"/l/{link.slug}", headers=ON_A_PHONE)
    assert over.status_code == 410
    assert "This link is over" in over.text
    assert drain() == 1


def test_visits_by_people_use_a_link_up_and_no_other_visits_do(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = with_terms(a_link(), most_visits=2)
    for headers, status in (
        (ON_A_PHONE, 302), ({"User-Agent": "curl/8"}, 302), (A_PREVIEWER, 302), (ON_A_PHONE, 302), (ON_A_PHONE, 410),
        ({"User-Agent": "curl/8"}, 410),
    ):  # fmt: skip
        assert client.get(f"/l/{link.slug}", headers=headers).status_code == status
    assert link.visits_taken == 2
    assert drain() == 4


def test_the_password_opens_the_link_and_nothing_else_does(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = with_terms(a_link(), password="青山 绿水")
    assert "青山" not in str(link.password_hash)
    asked = client.get(f"/l/{link.slug}", headers=ON_A_PHONE)
    assert asked.status_code == 200
    assert TARGET not in asked.text
    assert asked.headers["Cache-Control"] == "no-store"
    wrong = client.post(f"/l/{link.slug}", data={"password": "绿水"}, headers=ON_A_PHONE)
    assert wrong.status_code == 422
    assert "This is not the password" in wrong.text
    right = client.post(f"/l/{link.slug}", data={"password": "青山 绿水"}, headers=ON_A_PHONE)
    assert (right.status_code, right.location) == (303, TARGET)
    assert drain() == 1
    assert db.session.scalars(select(Hit.verdict)).all() == [Verdict.HUMAN]


def test_the_question_for_the_password_speaks_both_languages(client: FlaskClient, at: datetime) -> None:
    link = with_terms(a_link(), password="青山绿水")
    pages = [client.get(f"/l/{link.slug}", headers={"Accept-Language": tag}).text for tag in ("en", "zh-CN")]
    assert 'lang="en"' in pages[0]
    assert 'lang="zh-Hans"' in pages[1]


def test_passwords_cannot_be_guessed_at_will(client: FlaskClient, at: datetime) -> None:
    link = with_terms(a_link(), password="青山绿水")
    tries = [client.post(f"/l/{link.slug}", data={"password": "x" * 8}).status_code for _number in range(31)]
    assert tries == [422] * 30 + [429]
    assert client.post(f"/l/{link.slug}", data={"password": "青山绿水"}).status_code == 429


def test_a_password_stays_until_it_is_taken_away(app: Flask, at: datetime) -> None:
    link = with_terms(a_link(), password="青山绿水")
    kept = link.password_hash
    assert with_terms(link, title="茶").password_hash == kept
    assert with_terms(link, password="").password_hash is None


def test_previewers_get_the_card_and_people_the_target(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = with_terms(a_link(), card_title='春茶 "<b>', card_text="一年一次</title><script>")
    card = client.get(f"/l/{link.slug}", headers=A_PREVIEWER)
    assert card.status_code == 200
    assert '<meta property="og:title" content="春茶 &#34;&lt;b&gt;">' in card.text
    assert "<script>" not in card.text
    assert TARGET not in card.text
    assert client.get(f"/l/{link.slug}", headers=ON_A_PHONE).location == TARGET
    drain()
    assert sorted(db.session.scalars(select(Hit.verdict))) == [Verdict.HUMAN, Verdict.PREVIEW]


def test_the_click_is_told_to_people_only_and_only_if_wanted(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = with_terms(a_link("https://example.org/tea?x=1#top"), tells_click=True)
    location = client.get(f"/l/{link.slug}", headers=ON_A_PHONE).location
    drain()
    (hit,) = db.session.scalars(select(Hit))
    assert location == f"https://example.org/tea?x=1&quanzi_click={hit.uid}#top"
    assert client.get(f"/l/{link.slug}", headers={"User-Agent": "curl/8"}).location == "https://example.org/tea?x=1#top"


def test_visitors_take_the_way_that_fits_them_and_the_visit_says_which(
    client: FlaskClient, at: datetime, drain: Drain
) -> None:
    link, lead = a_link(utm_source="weibo"), a_lead()
    phones = changing.add_way(link, WantedWay("https://m.example.org/", device="phone"), by=lead, at=at)
    german = changing.add_way(link, WantedWay("https://example.de/", language="de"), by=lead, at=at)
    assert client.get(f"/l/{link.slug}", headers=ON_A_PHONE).location == "https://m.example.org/?utm_source=weibo"
    changing.move_way_up(german, by=lead, at=at)
    both = ON_A_PHONE | {"Accept-Language": "de"}
    assert client.get(f"/l/{link.slug}", headers=both).location == "https://example.de/?utm_source=weibo"
    changing.remove_way(german, by=lead, at=at)
    changing.remove_way(german, by=lead, at=at)
    assert client.get(f"/l/{link.slug}", headers=both).location == "https://m.example.org/?utm_source=weibo"
    drain()
    assert [hit.way_id for hit in db.session.scalars(select(Hit).order_by(Hit.id))].count(phones.id) == 2


def test_one_visitor_always_gets_the_same_of_two_targets(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = a_link()
    changing.add_way(link, WantedWay("https://b.example/", name="B", weight=1), by=a_lead(), at=at)
    seen = {
        number: {client.get(f"/l/{link.slug}", headers={"User-Agent": f"{PHONE} {number}"}).location for _twice in "ab"}
        for number in range(40)
    }
    assert {len(locations) for locations in seen.values()} == {1}
    assert {location for locations in seen.values() for location in locations} == {TARGET, "https://b.example/"}


@pytest.mark.parametrize(
    "wanted",
    [
        WantedWay("https://example.org"),
        WantedWay("javascript:alert(1)", device="phone"),
        WantedWay("http://10.0.0.1/", weight=1),
        WantedWay("https://example.org", weight=0),
        WantedWay("https://example.org", weight=1001),
    ],
)
def test_ways_that_lead_nowhere_or_are_for_nobody_are_refused(app: Flask, at: datetime, wanted: WantedWay) -> None:
    with pytest.raises(Invalid):
        changing.add_way(a_link(), wanted, by=a_lead(), at=at)


def test_there_is_an_end_to_ways(app: Flask, at: datetime) -> None:
    link, lead = a_link(), a_lead()
    for _number in range(changing.MOST_WAYS):
        changing.add_way(link, WantedWay(TARGET, weight=1), by=lead, at=at)
    with pytest.raises(Conflict):
        changing.add_way(link, WantedWay(TARGET, weight=1), by=lead, at=at)


def test_a_link_as_posts_show_it_has_the_terms_of_the_link(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link, lead = a_link(), a_lead()
    shown = link_on(link, make_account(), at)
    with_terms(link, target="https://example.org/new", password="青山绿水", most_visits=1)
    assert client.get(f"/l/{shown.slug}", headers=ON_A_PHONE).status_code == 200
    right = client.post(f"/l/{shown.slug}", data={"password": "青山绿水"}, headers=ON_A_PHONE)
    assert right.location.startswith("https://example.org/new?utm_source=elsewhere")
    assert client.get(f"/l/{link.slug}", headers=ON_A_PHONE).status_code == 410
    link.end(by=lead, at=at)
    assert client.get(f"/l/{shown.slug}", headers=ON_A_PHONE).status_code == 404


def test_people_who_came_by_posts_count_for_the_targets_of_the_link(app: Flask, at: datetime) -> None:
    link = a_link()
    shown = link_on(link, make_account(), at)
    way = changing.add_way(link, WantedWay("https://b.example/", weight=1), by=a_lead(), at=at)
    write_visits([visit(link), visit(shown, way_id=way.id), visit(shown, way_id=way.id)])
    assert statistics.people_by_way(link) == {None: 1, way.id: 2}


def test_every_change_is_an_act_with_what_was_before(app: Flask, at: datetime) -> None:
    link = a_link()
    with_terms(link, target="https://example.org/new")
    with_terms(link, target="https://example.org/new")
    with_terms(link, title="茶", target="https://example.org/new")
    assert kinds(link) == ["link.made", "link.redirected", "link.changed"]
    told = db.session.scalars(select(Event).where(Event.kind == "link.redirected")).one()
    assert (told.payload["before"], told.payload["after"]) == (TARGET, "https://example.org/new")
    assert told.actor_id is not None


def test_an_ended_link_and_a_fans_link_keep_their_target(app: Flask, at: datetime) -> None:
    ended, lead = a_link(), a_lead()
    ended.end(by=lead, at=at)
    with pytest.raises(Gone):
        with_terms(ended, title="x")
    with pytest.raises(Invalid):
        with_terms(personal_link_of(make_fan(), at), target="https://example.org")


def test_the_team_neither_uses_a_link_up_nor_counts(client: FlaskClient, at: datetime, drain: Drain) -> None:
    link = with_terms(a_link(), most_visits=1)
    sign_in(client, a_lead())
    client.get(f"/l/{link.slug}", headers=ON_A_PHONE)
    assert link.visits_taken == 0
