"""What the control room says in numbers: the funnel, goals against plan, curves, and what wants a decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from flask import Flask
from flask_babel import force_locale

from campaigns.control import acts, alerts, brought, curves, goals, leading, numbers
from campaigns.control.curves import By
from campaigns.control.filters import Filter, phases
from campaigns.groupbuys.joining import join
from campaigns.links.counting import write_visits
from campaigns.participation.counts import reading as counts
from campaigns.planning.models import Campaign, MissionKind, Phase
from campaigns.publishing import holding
from campaigns.publishing.holding import Scope
from commons import clock, zones
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from community.circle.checking_in import check_in
from tests.campaigns.control.factories import a_campaign, comment
from tests.campaigns.factories import SHANGHAI, a_lead, a_link, make_campaign, make_offer, make_plan, mission, visit
from tests.factories import make_fan, make_staff


def numbers_of(campaign: Campaign, chosen: Filter, at: datetime) -> numbers.Numbers:
    return numbers.numbers(campaign, chosen, counts.totals(campaign.id, chosen.window), at)


def words_of(campaign: Campaign, at: datetime, user: User | None = None) -> list[str]:
    with force_locale("en"):
        wanted = goals.goals(campaign, at)
        return [alert.words for alert in alerts.alerts(campaign, wanted, user or make_staff(Role.ADMINISTRATOR), at)]


def test_the_funnel_leads_from_a_visit_to_the_last_mission(app: Flask, at: datetime) -> None:
    campaign = a_campaign()
    link = a_link(campaign=campaign)
    write_visits([visit(link) for _number in range(8)])
    fans = [make_fan(name) for name in ("小满", "谷雨", "阿禾", "白露")]
    for number, fan in enumerate(fans):
        comment(fan, campaign, at, f"first{number}")
    check_in(fans[0], at)
    check_in(fans[1], at)
    comment(fans[0], campaign, at, "second")
    found = numbers_of(campaign, Filter(), at)
    assert [(step.number, step.share) for step in found.funnel] == [(8, None), (4, 0.5), (2, 0.5), (1, 0.5)]
    of_one = numbers_of(campaign, Filter(mission=campaign.missions[0]), at)
    assert [step.number for step in of_one.funnel] == [8, 4, 2]
    assert [(line.facts, line.fulfilled) for line in found.missions] == [(2, 2), (5, 1)]


def test_the_last_ten_minutes_are_told_apart(app: Flask, at: datetime) -> None:
    campaign = a_campaign()
    check_in(make_fan("小满"), at - timedelta(minutes=30))
    check_in(make_fan("谷雨"), at)
    assert numbers_of(campaign, Filter(), at).lately == (1, 1)


def test_a_goal_against_the_even_share_of_the_time(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), goal_participants=20)
    check_in(make_fan(), at)
    (goal,) = goals.goals(campaign, at)
    assert (goal.pace.actual, goal.pace.target, goal.pace.planned) == (1, 20, 2)
    assert (goal.is_far_behind, goal.tone) == (True, "warn")
    check_in(make_fan("谷雨"), at)
    (goal,) = goals.goals(campaign, at)
    assert (goal.is_far_behind, goal.tone) == (False, "good")


def test_a_phase_is_looked_at_alone_and_phases_add_up(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    ends = (campaign.starts_at, at - timedelta(minutes=8), campaign.ends_at)
    for number, (first, last) in enumerate(pairwise(ends)):
        campaign.phases.append(Phase(name=f"阶段{number}", starts_at=first, ends_at=last, is_teaser=False))
    db.session.flush()
    db.session.refresh(campaign)
    check_in(make_fan("小满"), at - timedelta(hours=3))
    for name in ("谷雨", "阿禾"):
        check_in(make_fan(name), at)
    chosen = [Filter.from_args(campaign, {"phase": phase.key}) for phase in phases(campaign)]
    assert [numbers_of(campaign, one, at).participants for one in chosen] == [1, 2]
    assert [len(acts.newest(campaign, one)) for one in chosen] == [1, 2]
    assert [len(leading.leaders(campaign, one).rows) for one in chosen] == [1, 2]
    assert [sum(curves.curve(campaign, By.HOUR, one, at)["series"][0]["values"]) for one in chosen] == [1, 2]


def test_the_curve_by_day_has_facts_people_and_plan_of_the_campaigns_zone(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), goal_participants=100)
    fan = make_fan()
    check_in(fan, campaign.starts_at + timedelta(minutes=1))
    check_in(fan, at)
    curve = curves.curve(campaign, By.DAY, Filter(), at)
    days = [datetime.fromtimestamp(second, UTC) for second in curve["x"]]
    assert days == [datetime(2026, 2, 27, 16, tzinfo=UTC), datetime(2026, 2, 28, 16, tzinfo=UTC)]
    assert [one["kind"] for one in curve["series"]] == ["bars", "line", "line", "target"]
    assert [one["values"] for one in curve["series"]] == [[1, 1], [1, 0], [1, 1], [2, 12]]
    assert curve["zone"] == campaign.zone


def test_the_curve_by_hour_begins_and_ends_with_the_campaign(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    check_in(make_fan(), at)
    curve = curves.curve(campaign, By.HOUR, Filter(), campaign.ends_at + timedelta(days=30))
    last = datetime.fromtimestamp(curve["x"][-1], UTC)
    assert last <= campaign.ends_at < last + timedelta(hours=1)
    now = curves.curve(campaign, By.HOUR, Filter(), at)
    assert sum(now["series"][0]["values"]) == 1
    assert now["series"][0]["values"][-1] == 1


def test_the_curve_by_minute_is_of_today(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    check_in(make_fan(), at - timedelta(hours=21))
    check_in(make_fan("谷雨"), at)
    curve = curves.curve(campaign, By.MINUTE, Filter(), at)
    assert curve["x"][0] == int(zones.day_bounds(zones.day_of(at, SHANGHAI), SHANGHAI)[0].timestamp())
    assert sum(curve["series"][0]["values"]) == 1


def test_a_campaign_that_has_not_begun_has_a_curve_without_anything(app: Flask, at: datetime) -> None:
    begin = zones.to_local(clock.now(), SHANGHAI) + timedelta(days=2)
    campaign = make_campaign(starts=begin, ends=begin + timedelta(days=2))
    for by in By:
        assert sum(curves.curve(campaign, by, Filter(), at)["series"][0]["values"]) == 0


def test_the_newest_acts_are_of_all_missions_and_of_those_who_only_came(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), mission(MissionKind.JOIN_GROUP_BUY))
    fans = [make_fan(name) for name in ("小满", "谷雨", "阿禾")]
    check_in(fans[0], at)
    join(make_offer(campaign=campaign), fans[1], at + timedelta(minutes=1))
    comment(fans[2], campaign, at + timedelta(minutes=2), "no mission asks for it")
    found = acts.newest(campaign, Filter())
    assert [(act.member.name, act.mission is None, act.is_first) for act in found] == [
        ("阿禾", True, True), ("谷雨", False, True), ("小满", False, True),
    ]  # fmt: skip
    assert [act.member.name for act in acts.newest(campaign, Filter(mission=campaign.missions[0]))] == ["小满"]
    assert acts.newest(make_plan(missions=[]), Filter()) == []


def test_what_wants_a_decision_is_told_the_worst_first(app: Flask, at: datetime) -> None:
    campaign = make_campaign(goal_participants=1000)
    make_offer(campaign=campaign, title="龙井团购", needed=5)
    link = a_link(campaign=campaign, title="海报")
    link.dead_since = at
    holding.begin(Scope.CAMPAIGN, "先等等", by=a_lead(), at=at, campaign=campaign)
    found = words_of(campaign, at)
    assert found[0] == "The link “海报” leads to a page that does not answer."
    assert set(found[1:]) == {
        "“Participants” is far behind: 0, and 100 were planned by now.",
        "Posts of this campaign are on hold: 先等等",
        "“龙井团购” closes within a day and 5 people are missing.",
    }
    assert words_of(make_campaign(goal_participants=1), at - timedelta(hours=20)) == []


def test_links_have_what_they_brought_the_best_first(app: Flask, at: datetime) -> None:
    campaign = make_campaign()
    quiet, busy = a_link(campaign=campaign, title="传单"), a_link(campaign=campaign, title="海报")
    offer = make_offer(campaign=campaign)
    write_visits([visit(busy), visit(busy), visit(quiet)])
    join(offer, make_fan(), at, busy)
    found = brought.links(campaign, counts.totals(campaign.id))
    assert [(line.link.title, line.visits, line.seats, line.orders) for line in found] == [
        ("海报", 2, 1, 0),
        ("传单", 1, 0, 0),
    ]
