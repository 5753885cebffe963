"""Numbers that are kept say what the rows say: at once, after folding, and after anything that people do."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from campaigns.groupbuys.joining import join, leave
from campaigns.links import changing
from campaigns.links.counting import write_visits
from campaigns.participation.counts import folding, jobs, proving, reading, scoring
from campaigns.participation.counts.models import CampaignChange, CampaignCount, Grain, Measure
from campaigns.participation.counts.reading import Totals, Window
from campaigns.participation.models import Fulfilment, MissionFact, Participant
from campaigns.planning.models import Campaign, MissionKind
from commons import clock, events
from commons.db import db
from community.circle.checking_in import check_in
from community.members.models import Member
from tests.campaigns.factories import a_lead, a_link, make_campaign, make_offer, mission, personal_link_of, visit
from tests.factories import make_fan


def commented(fan: Member, campaign: Campaign, at: datetime, key: str) -> None:
    events.track("interaction.comment", key=key, at=at, member_id=fan.id, campaign_id=campaign.id)


def kept(campaign: Campaign) -> dict[str, int]:
    totals = reading.totals(campaign.id)
    return {measure.value: totals.of(measure) for measure in Measure if measure is not Measure.GOAL}


def counted(campaign: Campaign) -> dict[str, int]:
    """The same, counted from the rows."""
    missions = [one.id for one in campaign.missions]
    people = select(func.count()).select_from(Participant).where(Participant.campaign_id == campaign.id)
    facts = select(func.count()).select_from(MissionFact).where(MissionFact.mission_id.in_(missions))
    done = select(Fulfilment.member_id, func.count()).where(Fulfilment.mission_id.in_(missions))
    each = dict(db.session.execute(done.group_by(Fulfilment.member_id)).all())
    return {
        "visit": 0,
        "shared": 0,
        "joined": db.session.scalar(people) or 0,
        "fact": db.session.scalar(facts.where(MissionFact.taken_back_at.is_(None))) or 0,
        "fulfilled": sum(each.values()),
        "started": len(each),
        "finished": sum(number == len(missions) for number in each.values()),
    }


def test_what_people_do_is_counted_at_once(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), mission(MissionKind.COMMENT, 2))
    busy, quiet = make_fan("小满"), make_fan("谷雨")
    check_in(busy, at)
    check_in(quiet, at)
    commented(busy, campaign, at, "one")
    assert kept(campaign) == {
        "visit": 0,
        "shared": 0,
        "joined": 2,
        "fact": 3,
        "fulfilled": 2,
        "started": 2,
        "finished": 0,
    }
    commented(busy, campaign, at + timedelta(minutes=1), "two")
    assert kept(campaign) == {
        "visit": 0,
        "shared": 0,
        "joined": 2,
        "fact": 4,
        "fulfilled": 3,
        "started": 2,
        "finished": 1,
    }
    first, second = (one.id for one in campaign.missions)
    totals = reading.totals(campaign.id)
    assert [totals.of(Measure.FACT, one) for one in (first, second)] == [2, 2]
    assert [totals.of(Measure.FULFILLED, one) for one in (first, second)] == [2, 1]


def test_folding_changes_nothing_that_a_page_reads(app: Flask, at: datetime) -> None:
    campaign, other = make_campaign(mission(MissionKind.CHECK_IN)), make_campaign(mission(MissionKind.CHECK_IN))
    for name in ("小满", "谷雨", "阿禾"):
        check_in(make_fan(name), at)
    before = kept(campaign)
    assert folding.fold() > 0
    assert kept(campaign) == before == kept(other)
    assert db.session.scalar(select(func.count()).select_from(CampaignChange)) == 0
    assert folding.fold() == 0
    check_in(make_fan("白露"), at)
    assert kept(campaign)["joined"] == 4


def test_nothing_waits_on_a_count_as_only_notes_are_added(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    check_in(make_fan(), at)
    assert db.session.scalar(select(func.count()).select_from(CampaignCount)) == 0
    assert kept(campaign)["joined"] == 1


def test_a_fact_that_is_taken_back_is_taken_from_its_own_minute(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.JOIN_GROUP_BUY))
    offer, fan = make_offer(campaign=campaign), make_fan()
    join(offer, fan, at)
    folding.fold()
    leave(offer, fan, at + timedelta(minutes=40))
    assert kept(campaign) == {
        "visit": 0,
        "shared": 0,
        "joined": 1,
        "fact": 0,
        "fulfilled": 0,
        "started": 0,
        "finished": 0,
    }
    for window in (Window(at, at + timedelta(minutes=15)), Window(at + timedelta(minutes=30), at + timedelta(hours=1))):
        assert reading.totals(campaign.id, window).of(Measure.FACT) == 0
    assert proving.put_right(campaign.id, at) == 0


def test_a_stretch_counts_what_fell_into_its_quarters_of_an_hour(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    for minute, name in enumerate(("小满", "谷雨", "阿禾")):
        check_in(make_fan(name), at + timedelta(minutes=10 * minute))
    first, second = Window(at, at + timedelta(minutes=15)), Window(at + timedelta(minutes=15), at + timedelta(hours=1))
    for _round in range(2):
        assert [reading.totals(campaign.id, one).of(Measure.JOINED) for one in (first, second)] == [2, 1]
        folding.fold()


def test_the_series_has_each_stretch_in_which_something_was(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), mission(MissionKind.COMMENT))
    fan = make_fan()
    check_in(fan, at)
    commented(fan, campaign, at + timedelta(minutes=3, seconds=20), "later")
    folding.fold()
    window = Window(at, at + timedelta(hours=1))
    found = reading.series(campaign.id, [Measure.FACT, Measure.JOINED], Grain.MINUTE, window)
    assert found[Measure.FACT] == Counter({at: 1, at + timedelta(minutes=3): 1})
    assert found[Measure.JOINED] == Counter({at: 1})
    of_comment = reading.series(campaign.id, [Measure.FACT], Grain.QUARTER, window, campaign.missions[1].id)
    assert of_comment[Measure.FACT] == Counter({at: 1})


def test_how_far_each_is_stands_with_the_participant(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.JOIN_GROUP_BUY), mission(MissionKind.COMMENT))
    offer, fan = make_offer(campaign=campaign), make_fan()
    join(offer, fan, at)
    commented(fan, campaign, at + timedelta(minutes=2), "one")
    (row,) = db.session.scalars(select(Participant)).all()
    assert (row.facts, row.fulfilled, row.started_at, row.finished_at) == (2, 2, at, at + timedelta(minutes=2))
    leave(offer, fan, at + timedelta(minutes=3))
    db.session.refresh(row)
    assert (row.facts, row.fulfilled, row.started_at, row.finished_at) == (1, 1, at + timedelta(minutes=2), None)


def test_who_has_finished_stays_so_when_a_mission_is_added(app: Flask, at: datetime) -> None:
    campaign, fan = make_campaign(mission(MissionKind.CHECK_IN, 1)), make_fan()
    check_in(fan, at)
    first = campaign.missions[0]
    db.session.add(type(first)(**{**_like(first), "position": 1, "kind": MissionKind.COMMENT}))
    db.session.flush()
    scoring.settle(campaign.id, fan.id)
    assert kept(campaign)["finished"] == 1
    other = make_fan("谷雨")
    check_in(other, at)
    assert kept(campaign)["finished"] == 1


def test_visits_count_for_the_link_and_those_of_fans_together(app: Flask, at: datetime) -> None:
    campaign = make_campaign()
    link, fans_own = a_link(campaign=campaign), personal_link_of(make_fan(), at)
    fans_own.campaign_id = campaign.id
    write_visits([visit(link), visit(link), visit(link, verdict="bot"), visit(fans_own)])
    totals = reading.totals(campaign.id)
    assert (totals.of(Measure.VISIT), totals.of(Measure.VISIT, link.id), totals.of(Measure.VISIT, 0)) == (3, 2, 1)
    assert totals.of(Measure.SHARED, fans_own.post_id) == 1
    assert proving.put_right(campaign.id, at) == 0


def test_a_visit_that_is_written_twice_counts_once(app: Flask, at: datetime) -> None:
    campaign = make_campaign()
    once = visit(a_link(campaign=campaign))
    write_visits([once])
    write_visits([once])
    assert reading.totals(campaign.id).of(Measure.VISIT) == 1


def test_visits_go_along_when_a_link_goes_to_another_campaign(app: Flask, at: datetime) -> None:
    before, now = make_campaign(), make_campaign()
    link = a_link(campaign=before)
    write_visits([visit(link), visit(link)])
    changing.change(link, changing.Terms(link.target, campaign=now), by=a_lead(), at=at)
    assert [reading.totals(one.id).of(Measure.VISIT) for one in (before, now)] == [0, 2]
    assert [proving.put_right(one.id, at) for one in (before, now)] == [0, 0]


def test_the_proof_finds_what_is_wrong_and_puts_it_right(app: Flask, at: datetime) -> None:
    campaign, fan = make_campaign(mission(MissionKind.CHECK_IN)), make_fan()
    check_in(fan, at)
    folding.fold()
    right = kept(campaign)
    db.session.execute(update(CampaignCount).values(number=CampaignCount.number + 5))
    db.session.execute(delete(CampaignCount).where(CampaignCount.measure == Measure.JOINED))
    db.session.execute(update(Participant).values(facts=7))
    db.session.expire_all()
    assert kept(campaign) != right
    assert scoring.put_right(campaign.id) == 1
    assert proving.put_right(campaign.id, at) > 0
    assert kept(campaign) == right
    assert (scoring.put_right(campaign.id), proving.put_right(campaign.id, at)) == (0, 0)
    assert db.session.scalars(select(Participant.facts)).all() == [1]


def test_what_was_there_before_counts_were_kept_is_counted_when_the_house_is_prepared(app: Flask, at: datetime) -> None:
    campaign, fan = make_campaign(mission(MissionKind.CHECK_IN)), make_fan()
    check_in(fan, at)
    right = kept(campaign)
    db.session.execute(delete(CampaignChange))
    db.session.execute(update(Participant).values(facts=0, fulfilled=0, started_at=None, finished_at=None))
    for _time in range(2):
        jobs.fill(at)
        assert kept(campaign) == right


def test_minutes_of_long_ago_go_and_the_proof_does_not_miss_them(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    check_in(make_fan(), at)
    folding.fold()
    later = at + timedelta(days=3, seconds=7)
    folding.forget_minutes(later)
    minutes = select(func.count()).select_from(CampaignCount).where(CampaignCount.grain == Grain.MINUTE)
    assert db.session.scalar(minutes) == 0
    assert proving.put_right(campaign.id, later) == 0
    assert kept(campaign)["joined"] == 1


def test_the_night_looks_at_every_campaign_that_may_still_move(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    check_in(make_fan(), at)
    db.session.execute(delete(CampaignChange))
    jobs.prove()
    jobs.prove_one(campaign.id)
    assert kept(campaign)["joined"] == 1


def test_totals_without_anything_are_nothing() -> None:
    assert Totals().of(Measure.FACT) == 0
    assert Totals().of(Measure.FACT, 3) == 0


STEPS = st.lists(
    st.tuples(st.sampled_from(["comment", "check in", "join", "leave", "fold", "again"]), st.integers(0, 2), st.integers(0, 5)),
    max_size=25,
)  # fmt: skip


@pytest.mark.slow
@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_do_the_counts_are_the_rows(app: Flask, steps: list[tuple[str, int, int]]) -> None:
    clock.set_to(datetime.fromisoformat("2026-03-01T12:00:00+00:00"))
    outer = db.session.begin_nested()
    try:
        _live_through(steps)
    finally:
        outer.rollback()
        db.session.expire_all()
        clock.set_to(None)


def _live_through(steps: list[tuple[str, int, int]]) -> None:
    at = clock.now()
    campaign = make_campaign(
        mission(MissionKind.COMMENT, 2), mission(MissionKind.CHECK_IN), mission(MissionKind.JOIN_GROUP_BUY)
    )
    offer = make_offer(campaign=campaign, seats=10)
    fans = [make_fan(name) for name in ("小满", "谷雨", "阿禾")]
    for number, (what, who, later) in enumerate(steps):
        fan, moment = fans[who], at + timedelta(minutes=number * 7 + later)
        if what == "comment":
            commented(fan, campaign, moment, f"c{random.random()}")
        elif what == "check in":
            check_in(fan, moment)
        elif what == "join":
            join(offer, fan, moment)
        elif what == "leave":
            leave(offer, fan, moment)
        elif what == "fold":
            folding.fold()
        else:
            events.tell(db.session.scalars(select(events.Event).where(events.Event.member_id == fan.id)).all())
    assert kept(campaign) == counted(campaign)
    assert (scoring.put_right(campaign.id), proving.put_right(campaign.id, at)) == (0, 0)


def _like(row: object) -> dict[str, object]:
    """The values of a row without its ids."""
    columns = type(row).__table__.columns  # type: ignore[attr-defined]
    return {column.key: getattr(row, column.key) for column in columns if column.key not in {"id", "public_id"}}
