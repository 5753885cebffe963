"""Making links, and where they lead."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.utils import redirect

from campaigns.links.making import BadSlug, SlugTaken, address_of, destination, personal_link
from campaigns.links.models import Link
from campaigns.links.targets import checked_target
from commons import clock, events
from commons.db import db
from commons.errors import Invalid
from commons.web import absolute_url
from tests.campaigns.factories import a_lead, a_link, make_campaign
from tests.factories import make_circle_post, make_fan


def test_a_link_gets_a_short_random_ending(app: Flask) -> None:
    one, other = a_link(), a_link()
    assert len(one.slug) == 8
    assert one.slug != other.slug
    assert address_of(one).endswith(f"/l/{one.slug}")


def test_the_team_may_choose_the_ending_in_any_language(app: Flask) -> None:
    assert a_link(slug="春茶").slug == "春茶"
    assert a_link(slug=" spring-tea ").slug == "spring-tea"


@pytest.mark.parametrize("slug", ["a", "-abc", "abc-", "a b c", "a/b/c", "../x", "a.svg", "x" * 65, "a\x00bc"])
def test_endings_that_no_address_could_have_are_refused(app: Flask, slug: str) -> None:
    with pytest.raises(BadSlug):
        a_link(slug=slug)


@pytest.mark.parametrize("slug", ["a/b/c", "../x", "a.svg", "what?", "50%", "a#b", "http:x"])
def test_an_ending_that_looks_like_a_path_is_told_so(app: Flask, slug: str) -> None:
    with force_locale("en"), pytest.raises(BadSlug, match="looks like a path"):
        a_link(slug=slug)


@pytest.mark.parametrize("slug", ["admin", "Static", "links", "客服"])
def test_what_means_a_page_of_the_house_is_no_ending(app: Flask, slug: str) -> None:
    with force_locale("en"), pytest.raises(BadSlug, match="kept for pages of the house"):
        a_link(slug=slug)


def test_an_ending_is_one_however_its_letters_are_composed(app: Flask) -> None:
    a_link(slug="café-1")
    with pytest.raises(SlugTaken):
        a_link(slug="cafe\u0301-1")


def test_a_taken_ending_is_refused_and_the_transaction_lives_on(app: Flask) -> None:
    a_link(slug="spring")
    with pytest.raises(SlugTaken):
        a_link(slug="spring")
    assert a_link(slug="summer").id


@pytest.mark.parametrize("target", ["https://example.org", "http://例子.测试/茶?x=1#y", "/groupbuys/abc", " /circle "])
def test_targets_that_lead_somewhere(app: Flask, target: str) -> None:
    assert checked_target(target) == target.strip()


@pytest.mark.parametrize(
    "target",
    [
        "",
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "data:text/html,<script>",
        "ftp://example.org/",
        "//evil.example",
        "/\\evil.example",
        "https://",
        "https:///path",
        "https://user:password@example.org/",
        "https://example.org/a b",
        "https://example.org/\nSet-Cookie: x=1",
        "https://example.org/\x00",
        "https://example.org/\u202emoc.live",
        "https://[::1/",
        "https://example.org:99999/",
        "https://" + "é" * 100 + ".example/",
        "https://example.org/" + "x" * 2000,
        "example.org",
    ],
)
def test_targets_that_are_no_address_are_refused(app: Flask, target: str) -> None:
    with pytest.raises(Invalid):
        checked_target(target)


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://10.0.0.7/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://localhost/",
        "http://printer.local/",
        "http://db.internal/",
        "http://intranet/",
        "http://192.168.1.1.:80/",
    ],
)
def test_targets_inside_a_network_are_refused(app: Flask, target: str) -> None:
    with force_locale("en"), pytest.raises(Invalid, match="private network"):
        checked_target(target)


def test_a_page_of_ours_may_be_named_by_its_whole_address(app: Flask) -> None:
    assert checked_target(absolute_url("groupbuys.index")).endswith("/groupbuys")


def test_a_link_to_a_tracked_link_could_go_round_for_ever(app: Flask) -> None:
    link = a_link()
    for target in (f"/l/{link.slug}", address_of(link)):
        with pytest.raises(Invalid, match=r"tracked link|追踪链接"):
            checked_target(target)


@settings(deadline=None)  # the first look at the domains may wait for the database
@given(target=st.text(max_size=60).map(lambda tail: f"https://example.org/{tail}") | st.text(max_size=40))
def test_whatever_is_taken_as_a_target_can_be_sent_as_a_redirect(shared_app: Flask, target: str) -> None:
    with shared_app.app_context():
        try:
            taken = checked_target(target)
        except Invalid:
            return
        location = redirect(destination(Link(target=taken, utm_source="a b", utm_medium="", utm_campaign=""))).location
    assert "\n" not in location
    assert location.startswith(("/", "http://", "https://"))


def test_utm_parameters_are_added_where_the_target_has_none_of_its_own(app: Flask) -> None:
    link = a_link(
        "https://example.org/?sig=a%20b&utm_source=own#top", utm_source="weibo", utm_medium="社媒", utm_campaign="x"
    )
    wanted = "https://example.org/?sig=a%20b&utm_source=own&utm_medium=%E7%A4%BE%E5%AA%92&utm_campaign=x#top"
    assert destination(link) == wanted


def test_without_utm_parameters_the_target_stays_as_it_is(app: Flask) -> None:
    assert destination(a_link("https://example.org/?a=1&b")) == "https://example.org/?a=1&b"


def test_a_fan_shares_one_post_by_one_link(app: Flask) -> None:
    fan, other = make_fan(), make_fan("谷雨")
    campaign = make_campaign()
    post = make_circle_post(campaign_id=campaign.id)
    first = personal_link(fan, post, clock.now())
    assert personal_link(fan, post, clock.now()) is first
    assert personal_link(other, post, clock.now()) is not first
    assert first.target == f"/circle/posts/{post.public_id}"
    assert first.campaign_id == campaign.id
    assert db.session.scalar(select(func.count()).select_from(Link)) == 2


def test_making_and_ending_a_link_are_acts_of_the_team(app: Flask) -> None:
    lead = a_lead()
    link = a_link(by=lead)
    link.end(by=lead, at=clock.now())
    link.end(by=lead, at=clock.now())
    assert [(fact.kind, fact.actor_id) for fact in events.of_subject(link)] == [
        ("link.made", lead.id),
        ("link.ended", lead.id),
    ]
