"""How a campaign is going, in numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from flask import Flask

from campaigns import by_day
from campaigns.groupbuys.joining import join, leave
from campaigns.participation import leaving, panels, reading
from campaigns.planning.models import MissionKind
from commons import clock, events
from commons.db import db
from community.circle.checking_in import check_in
from tests.campaigns.factories import a_lead, make_campaign, make_offer, mission
from tests.factories import make_fan


def test_plan_against_actual(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), goal_participants=100)
    for name in ("小满", "谷雨", "阿禾", "白露", "南星"):
        check_in(make_fan(name), at)
    standing = reading.standing(campaign, at)
    assert (standing.participants, standing.facts, standing.fulfilled) == (5, 5, 5)
    assert (standing.planned, standing.share_of_time, standing.pace) == (10, 0.1, 0.5)


def test_before_it_begins_there_is_no_pace_and_afterwards_the_plan_is_the_goal(app: Flask, at: datetime) -> None:
    campaign = make_campaign(goal_participants=100)
    assert reading.standing(campaign, campaign.starts_at).pace is None
    assert reading.standing(campaign, campaign.ends_at + timedelta(days=3)).planned == 100


def test_days_of_summer_time_begin_where_they_begin(app: Flask, at: datetime) -> None:
    days = by_day.days(datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 30, 12, tzinfo=UTC), "Europe/Berlin")
    assert days == [date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30)]
    begins = by_day.stamps(days, "Europe/Berlin")
    assert [second - first for first, second in pairwise(begins)] == [24 * 3600, 23 * 3600]


def test_the_most_active_come_first(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.COMMENT, 2), mission(MissionKind.CHECK_IN))
    busy, quiet, silent = make_fan("小满"), make_fan("谷雨"), make_fan("阿禾")
    for number in range(3):
        events.track("interaction.comment", key=f"c{number}", at=at, member_id=busy.id, campaign_id=campaign.id)
    check_in(quiet, at)
    assert [(row.member, row.facts, row.fulfilled) for row in reading.top(campaign)] == [(busy, 3, 1), (quiet, 1, 1)]
    assert [(row.facts, row.fulfilled) for row in reading.participant_rows(campaign)] == [(3, 1), (1, 1)]
    assert reading.participant_rows(campaign, after=10**9) == []
    assert silent.name not in [row.member.name for row in reading.participant_rows(campaign)]


def test_a_seat_given_back_is_no_fact_of_the_campaign(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.JOIN_GROUP_BUY, 5))
    offer = make_offer(campaign=campaign)
    for minute in (0, 2, 4):
        join(offer, fan, at + timedelta(minutes=minute))
        leave(offer, fan, at + timedelta(minutes=minute + 1))
    assert reading.standing(campaign, at + timedelta(hours=1)).facts == 0
    join(offer, fan, at + timedelta(minutes=9))
    assert reading.standing(campaign, at + timedelta(hours=1)).facts == 1


def test_a_fan_sees_how_far_he_is(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.CHECK_IN, 2), mission(MissionKind.COMMENT))
    check_in(fan, at - timedelta(hours=23))
    assert [(line.done, line.fulfilled_at) for line in reading.progress_of(fan, campaign.missions)] == [
        (1, None),
        (0, None),
    ]
    check_in(fan, at)
    assert [(line.done, line.fulfilled_at) for line in reading.progress_of(fan, campaign.missions)] == [
        (2, at),
        (0, None),
    ]
    assert [line.done for line in reading.progress_of(None, campaign.missions)] == [0, 0]


def test_the_panels_of_other_pages(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.CHECK_IN))
    assert panels.profile(fan, at) is None
    check_in(fan, at)
    profile = panels.profile(fan, at)
    assert profile is not None
    assert [(row[0].campaign, row[1], row[2]) for row in profile.context["rows"]] == [(campaign, "under_way", 1)]
    assert [found for found, _missions in panels.status(fan, at).context["campaigns"]] == [campaign]
    assert panels.beside_the_feed(None, campaign.ends_at) is None
    assert panels.today(a_lead(), campaign.ends_at) is None
    assert fan.user is not None
    assert panels.today(fan.user, at) is None
    today = panels.today(a_lead(), at)
    assert today is not None
    assert [(found, standing.participants) for found, standing in today.context["campaigns"]] == [(campaign, 1)]


def test_a_fan_takes_his_missions_along(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.CHECK_IN))
    check_in(fan, at)
    assert fan.user is not None
    taken = leaving.export(fan.user)
    assert taken["campaigns"] == [{"title": campaign.title, "since": at.isoformat()}]
    assert [done["fulfilled_at"] for done in taken["missions"]] == [at.isoformat()]
    assert leaving.export(a_lead()) == {"campaigns": [], "missions": []}
    assert clock.now() == at
    assert db.session.is_active


def test_what_is_open_now_comes_with_how_far_the_fan_is(app: Flask, at: datetime) -> None:
    late = make_campaign(mission(MissionKind.COMMENT, 2), title="later")
    soon = make_campaign(
        mission(MissionKind.CHECK_IN),
        mission(MissionKind.COMMENT),
        title="sooner",
        ends=clock.now().replace(tzinfo=None) + timedelta(days=2),
    )
    fan, other = make_fan(), make_fan("谷雨")
    check_in(fan, at)

    found = reading.open_now(fan, at)

    assert [campaign.title for campaign, _missions in found] == [soon.title, late.title]
    assert [[(one.done, one.fulfilled_at is not None) for one in missions] for _campaign, missions in found] == [
        [(1, True), (0, False)], [(0, False)],
    ]  # fmt: skip
    assert [one for _campaign, missions in reading.open_now(other, at) for one in missions if one.done] == []
    for campaign, missions in found:
        assert missions == reading.progress_of(fan, campaign.missions)
