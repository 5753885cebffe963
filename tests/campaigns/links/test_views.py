"""Links on screen: making them, reading their visits, who may."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from campaigns.links import reading
from campaigns.links.counting import write_visits
from campaigns.links.making import personal_link
from campaigns.links.models import Link
from commons import clock
from commons.db import db
from commons.permissions import Role
from tests.campaigns.factories import a_link, make_campaign, visit
from tests.factories import make_circle_post, make_fan, make_staff, sign_in


@pytest.fixture
def team(client: FlaskClient, at: datetime) -> FlaskClient:
    """A social manager at the browser, in English."""
    sign_in(client, make_staff(language="en"))
    return client


def the_link() -> Link:
    return db.session.scalars(select(Link).order_by(Link.id.desc()).limit(1)).one()


def test_a_link_is_made_and_shown_with_its_address_and_code(team: FlaskClient) -> None:
    campaign = make_campaign()
    form = {"target": "https://example.org/tea", "title": "官网", "slug": "tea-shop", "campaign": campaign.public_id}
    answer = team.post("/links/new", data=form | {"utm_source": "weibo"})
    link = the_link()
    assert answer.location == f"/links/{link.public_id}"
    page = team.get(answer.location).text
    assert (link.slug, link.title, link.campaign, link.utm_source) == ("tea-shop", "官网", campaign, "weibo")
    assert "/l/tea-shop" in page
    assert f"/links/codes/{link.public_id}.svg" in page


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"target": "javascript:alert(1)"}, 422, "is not an address"),
        ({"target": ""}, 422, "Please fill this in"),
        ({"target": "https://example.org", "slug": "a/b"}, 422, "looks like a path"),
        ({"target": "https://example.org", "slug": "taken"}, 409, "is taken"),
        ({"target": "https://example.org", "campaign": "nosuchthing"}, 422, "Not a valid choice"),
        ({"target": "https://example.org", "title": "x" * 121}, 422, "120"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(team: FlaskClient, form: dict[str, str], status: int, words: str) -> None:
    a_link(slug="taken")
    answer = team.post("/links/new", data=form)
    assert answer.status_code == status
    assert words in answer.text
    assert len(db.session.scalars(select(Link)).all()) == 1


def test_characters_that_cannot_be_stored_are_let_go(team: FlaskClient) -> None:
    team.post("/links/new", data={"target": "https://example.org/", "title": "a\x00b"})
    assert the_link().title == "ab"


def test_markup_in_a_name_stays_text(team: FlaskClient) -> None:
    link = a_link(title="<script>alert(1)</script>")
    for page in (f"/links/{link.public_id}", "/links"):
        assert "<script>alert(1)" not in team.get(page).text


def test_the_list_tells_links_of_the_brand_from_those_of_fans(team: FlaskClient) -> None:
    brand, fan = a_link(title="官网"), make_fan("小满")
    personal_link(fan, make_circle_post(), clock.now())
    write_visits([visit(brand), visit(brand), visit(brand, verdict="bot")])
    ours, theirs = team.get("/links").text, team.get("/links?owner=fans").text
    assert "官网" in ours
    assert "小满" not in ours
    assert "小满" in theirs
    assert '<td data-label="Visits by people" class="num">2</td>' in ours
    assert '<td data-label="Other visits" class="num">1</td>' in ours


@pytest.mark.parametrize("words", ["%", "_", "'; drop table link; --", "无此"])
def test_searching_for_anything_finds_only_what_it_says(team: FlaskClient, words: str) -> None:
    a_link(title="官网")
    answer = team.get("/links", query_string={"words": words})
    assert answer.status_code == 200
    assert "官网" not in answer.text


def test_the_list_goes_on_where_it_stopped(team: FlaskClient) -> None:
    for number in range(31):
        a_link(title=f"number {number:02}")
    first = team.get("/links").text
    assert "number 30" in first
    assert "number 00" not in first
    before = db.session.scalars(select(Link.id).order_by(Link.id)).all()[1]
    assert "number 00" in team.get(f"/links?before={before}").text


@pytest.mark.parametrize("before", ["9" * 30, "-1", "x", "²", "1; drop"])
def test_an_address_with_nonsense_shows_the_newest(team: FlaskClient, before: str) -> None:
    a_link(title="官网")
    assert "官网" in team.get("/links", query_string={"before": before}).text


def test_the_curve_has_a_value_for_every_day(team: FlaskClient, at: datetime) -> None:
    link = a_link()
    clock.set_to(at + timedelta(days=2))
    write_visits([visit(link, at), visit(link, at + timedelta(days=2)), visit(link, at, verdict="bot")])
    curve = team.get(f"/links/{link.public_id}/curve.json").json
    assert curve is not None
    assert len(curve["x"]) == 3
    assert [one["values"] for one in curve["series"]] == [[1, 0, 1], [1, 0, 0]]
    assert [one["kind"] for one in curve["series"]] == ["bars", "line"]
    assert curve["zone"] == "Asia/Shanghai"


def test_no_cell_of_the_table_is_a_formula(team: FlaskClient) -> None:
    link = a_link()
    write_visits([visit(link, referrer='=HYPERLINK("https://evil.example")', browser="@SUM(1)")])
    answer = team.get(f"/links/{link.public_id}/visits.csv", buffered=True)
    assert answer.content_type == "text/csv; charset=utf-8"
    line = answer.text.splitlines()[1]
    assert "'=HYPERLINK" in line
    assert "'@SUM" in line


def test_a_workbook_holds_the_same_visits_as_text(team: FlaskClient) -> None:
    link = a_link(target="https://tea.example")
    write_visits([visit(link, referrer='=HYPERLINK("https://evil.example")')])
    answer = team.get(f"/links/{link.public_id}/visits.xlsx", buffered=True)
    heading, row = load_workbook(io.BytesIO(answer.data)).worksheets[0].values
    assert heading[:3] == ("occurred_at", "verdict", "referrer")
    assert row[2] == '\'=HYPERLINK("https://evil.example")'
    assert row[6] == "https://tea.example"
    assert "Visits as a workbook" in team.get(f"/links/{link.public_id}").text


def test_a_workbook_holds_the_newest_visits_where_there_are_too_many(
    team: FlaskClient, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_IN_A_WORKBOOK", 2)
    link = a_link()
    write_visits([visit(link, at + timedelta(minutes=number), referrer=f"from {number}") for number in range(3)])
    answer = team.get(f"/links/{link.public_id}/visits.xlsx", buffered=True)
    rows = list(load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    assert [row[2] for row in rows] == ["referrer", "from 1", "from 2"]
    assert "The newest 2 visits" in team.get(f"/links/{link.public_id}").text


def test_the_code_is_a_picture_for_everybody(client: FlaskClient, at: datetime) -> None:
    link = a_link(slug="春茶")
    answer = client.get(f"/links/{link.slug}.svg?download=1")
    assert answer.status_code == 200
    assert answer.content_type == "image/svg+xml"
    assert answer.text.lstrip().startswith("<?xml")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={link.public_id}.svg"


@pytest.mark.parametrize("slug", ["nothing", "%ff", "x" * 3000])
def test_there_is_no_code_for_what_is_no_link(client: FlaskClient, slug: str) -> None:
    assert client.get(f"/links/{slug}.svg").status_code == 404


def test_an_ended_link_says_so_and_has_no_code(team: FlaskClient) -> None:
    link = a_link()
    assert team.post(f"/links/{link.public_id}/end").location == f"/links/{link.public_id}"
    assert "This link has ended" in team.get(f"/links/{link.public_id}").text
    assert team.get(f"/links/{link.slug}.svg").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/links", "/links/new", "/links/{}", "/links/{}/curve.json", "/links/{}/visits.csv", "/links/{}/visits.xlsx"],
)
def test_fans_find_nothing_and_strangers_are_asked_to_sign_in(app: Flask, client: FlaskClient, address: str) -> None:
    page = address.format(a_link().public_id)
    assert client.get(page).status_code == 303
    sign_in(client, make_fan().user)  # type: ignore[arg-type]
    assert client.get(page).status_code == 404


def test_who_only_reads_cannot_make_or_end_links(app: Flask, client: FlaskClient, at: datetime) -> None:
    link = a_link()
    sign_in(client, make_staff(Role.EXECUTIVE))
    assert client.get(f"/links/{link.public_id}").status_code == 200
    assert client.post("/links/new", data={"target": "https://example.org"}).status_code == 404
    assert client.post(f"/links/{link.public_id}/end").status_code == 404
    assert link.ended_at is None


@pytest.mark.parametrize("public_id", ["nothing", "%ff", "x" * 3000])
def test_a_page_of_no_link_is_not_found(team: FlaskClient, public_id: str) -> None:
    assert team.get(f"/links/{public_id}").status_code == 404


def test_the_terms_are_changed_on_their_page(team: FlaskClient, at: datetime) -> None:
    link = a_link()
    assert 'value="https://example.org/tea"' in team.get(f"/links/{link.public_id}/edit").text
    form = {
        "target": "https://example.org/new", "title": "官网", "expires": "2026-03-02T20:00", "zone": "Asia/Shanghai", "most_visits": "9",
        "password": "青山绿水", "tells_click": "1", "card_title": "春茶", "utm_source": "weibo",
    }  # fmt: skip
    assert team.post(f"/links/{link.public_id}/edit", data=form).location == f"/links/{link.public_id}"
    assert (link.target, link.title, link.most_visits, link.tells_click) == ("https://example.org/new", "官网", 9, True)
    assert link.expires_at == at + timedelta(days=1)
    assert (link.card_title, link.password_hash is not None) == ("春茶", True)
    page = team.get(f"/links/{link.public_id}").text
    assert "from https://example.org/tea to https://example.org/new" in page
    del form["password"]
    team.post(f"/links/{link.public_id}/edit", data=form | {"drops_password": "1"})
    assert link.password_hash is None


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"target": "http://127.0.0.1/"}, "private network"),
        ({"target": "/l/tea"}, "tracked link itself"),
        ({"most_visits": "0"}, "between 1 and"),
        ({"password": "abc"}, "between 4 and"),
        ({"card_text": "words"}, "A card needs a title"),
        ({"expires": "tomorrow"}, "valid datetime"),
    ],
)
def test_terms_that_do_not_work_are_said_at_their_field(team: FlaskClient, form: dict[str, str], words: str) -> None:
    link = a_link()
    usual = {"target": link.target, "zone": "Asia/Shanghai"}
    answer = team.post(f"/links/{link.public_id}/edit", data=usual | form)
    assert answer.status_code == 422
    assert words in answer.text
    assert link.target == "https://example.org/tea"


def test_targets_are_added_moved_and_removed_on_their_page(team: FlaskClient) -> None:
    link = a_link()
    page = f"/links/{link.public_id}/targets"
    assert "No rules" in team.get(page).text
    for language in ("de", "fr"):
        team.post(f"{page}/rule", data={"target": f"https://example.{language}/", "device": "", "language": language})
    team.post(f"{page}/variant", data={"ab-target": "https://b.example/", "ab-name": "B", "ab-weight": "3"})
    team.post(f"{page}/main", data={"main-weight": "1"})
    assert [way.target for way in link.rules] == ["https://example.de/", "https://example.fr/"]
    team.post(f"{page}/{link.rules[1].public_id}/up")
    assert [way.target for way in link.rules] == ["https://example.fr/", "https://example.de/"]
    shown = team.get(page).text
    assert "75%" in shown
    assert "French" in shown
    team.post(f"{page}/{link.rules[0].public_id}/remove")
    assert [way.target for way in link.rules] == ["https://example.de/"]


@pytest.mark.parametrize(
    ("kind", "form", "words"),
    [
        ("rule", {"target": "https://example.org"}, "Say for whom"),
        ("rule", {"target": "javascript:x", "device": "phone"}, "is not an address"),
        ("rule", {"target": "https://example.org", "region": "China"}, "Write a code"),
        ("variant", {"ab-target": "https://example.org", "ab-weight": "0"}, "between 1 and 1000"),
        ("variant", {"ab-target": "", "ab-weight": "1"}, "Please fill this in"),
    ],
)
def test_targets_that_do_not_work_are_said_at_their_field(
    team: FlaskClient, kind: str, form: dict[str, str], words: str
) -> None:
    answer = team.post(f"/links/{a_link().public_id}/targets/{kind}", data=form)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_way_of_another_link_is_not_found(team: FlaskClient) -> None:
    link, other = a_link(), a_link()
    team.post(f"/links/{link.public_id}/targets/rule", data={"target": "https://example.org", "device": "phone"})
    way = link.rules[0].public_id
    assert team.post(f"/links/{other.public_id}/targets/{way}/remove").status_code == 404


def test_the_code_comes_as_a_png_too(team: FlaskClient) -> None:
    link = a_link()
    answer = team.get(f"/links/codes/{link.public_id}.png?download=1")
    assert answer.data.startswith(b"\x89PNG")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={link.public_id}.png"
    assert team.get(f"/links/codes/{link.public_id}.svg").content_type == "image/svg+xml"
    assert team.get(f"/links/codes/{link.public_id}.gif").status_code == 404
    assert team.get("/links/codes/nothing.png").status_code == 404


def test_who_only_reads_changes_nothing(app: Flask, client: FlaskClient, at: datetime) -> None:
    link = a_link()
    sign_in(client, make_staff(Role.EXECUTIVE))
    assert client.get(f"/links/{link.public_id}/targets").status_code == 200
    assert client.get(f"/links/{link.public_id}/edit").status_code == 404
    assert (
        client.post(f"/links/{link.public_id}/targets/rule", data={"target": "/x", "device": "ios"}).status_code == 404
    )
