"""Writing visits down: who is counted, who is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from campaigns.links.counting import write_visits
from campaigns.links.making import personal_link
from campaigns.links.models import Hit, Link
from commons import clock, events
from commons.db import db
from commons.events import Event, Evidence
from commons.forms import storable
from community.members.models import Member
from tests.campaigns.factories import a_link, make_campaign, visit
from tests.factories import make_circle_post, make_fan


def verdicts(link: Link) -> list[str]:
    hits = db.session.scalars(select(Hit).where(Hit.link_id == link.id).order_by(Hit.occurred_at, Hit.id))
    return [hit.verdict.value for hit in hits]


def visited(fan: Member) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == "link.visited", Event.member_id == fan.id)))


def test_a_second_visit_within_half_an_hour_is_a_duplicate(app: Flask, at: datetime) -> None:
    link = a_link()
    moments = [at, at + timedelta(minutes=29), at + timedelta(minutes=31)]
    assert write_visits([visit(link, moment, visitor="somebody") for moment in moments]) == 3
    assert verdicts(link) == ["human", "duplicate", "human"]


def test_it_is_a_duplicate_too_when_the_first_is_written_already(app: Flask, at: datetime) -> None:
    link = a_link()
    write_visits([visit(link, at, visitor="somebody")])
    write_visits([visit(link, at + timedelta(minutes=5), visitor="somebody")])
    write_visits([visit(link, at - timedelta(minutes=5), visitor="somebody")])
    assert verdicts(link) == ["duplicate", "human", "duplicate"]


def test_different_people_and_different_links_are_no_duplicates(app: Flask, at: datetime) -> None:
    link, other = a_link(), a_link()
    write_visits([visit(link, visitor="one"), visit(link, visitor="two"), visit(other, visitor="one")])
    assert verdicts(link) == ["human", "human"]
    assert verdicts(other) == ["human"]


def test_a_machine_neither_becomes_nor_makes_a_duplicate(app: Flask, at: datetime) -> None:
    link = a_link()
    rows = [
        visit(link, at + timedelta(seconds=n), visitor="same", verdict=what)
        for n, what in enumerate(["bot", "human", "bot"])
    ]
    write_visits(rows)
    assert verdicts(link) == ["bot", "human", "bot"]


def test_the_same_rows_again_change_nothing(app: Flask, at: datetime) -> None:
    fan = make_fan()
    link = personal_link(fan, make_circle_post(), at)
    rows = [visit(link), visit(link)]
    assert write_visits(rows) == 2
    assert write_visits(rows) == 0
    assert len(visited(fan)) == 2


def test_a_visit_of_a_link_that_is_gone_is_dropped(app: Flask, at: datetime) -> None:
    assert write_visits([{**visit(a_link()), "link_id": 987654}]) == 0
    assert write_visits([]) == 0


def test_the_fan_whose_link_brought_somebody_is_told(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign()
    link = personal_link(fan, make_circle_post(campaign_id=campaign.id), at)
    write_visits(
        [visit(link), visit(link, verdict="bot"), visit(link, verdict="preview"), visit(link, verdict="staff")]
    )
    (fact,) = visited(fan)
    assert fact.evidence is Evidence.TRACKED_LINK
    assert fact.campaign_id == campaign.id
    assert fact.payload["slug"] == link.slug


def test_opening_ones_own_link_brings_nobody(app: Flask, at: datetime) -> None:
    fan, other = make_fan(), make_fan("谷雨")
    link = personal_link(fan, make_circle_post(), at)
    write_visits([visit(link, user_id=fan.user_id), visit(link, user_id=other.user_id)])
    assert len(visited(fan)) == 1


def test_a_link_of_the_brand_tells_nobody(app: Flask, at: datetime) -> None:
    link = a_link()
    write_visits([visit(link)])
    assert [fact.kind for fact in events.of_subject(link)] == ["link.made"]


def test_an_erased_fan_earns_no_more_facts(app: Flask, at: datetime) -> None:
    fan = make_fan()
    link = personal_link(fan, make_circle_post(), at)
    fan.erased_at = at
    write_visits([visit(link)])
    assert visited(fan) == []
    assert verdicts(link) == ["human"]


def test_visits_keep_their_moment_in_utc(app: Flask) -> None:
    link = a_link()
    moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    write_visits([visit(link, moment)])
    assert db.session.scalars(select(Hit.occurred_at)).one() == moment
    assert clock.now().tzinfo is UTC


def test_what_no_database_keeps_is_let_go() -> None:
    assert storable("a\x00b\ud800c") == "abc"
    assert storable(None) is None
