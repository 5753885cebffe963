"""Goals that are counted by facts: what is kept is what counting would say, whatever happens, and pages do not count."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.groupbuys.joining import join, leave
from campaigns.participation.counts import folding, goals, jobs, proving
from campaigns.participation.counts.models import Measure
from campaigns.planning import changing, measures, reading, writing
from campaigns.planning.models import Campaign, MissionKind
from commons import events
from commons.db import db
from commons.permissions import Role
from community.circle.checking_in import check_in
from community.circle.commenting import say, withdraw
from community.members import roster
from community.members.merging import selves
from tests.campaigns.factories import a_link, make_campaign, make_offer, mission
from tests.campaigns.planning.factories import a_goal, a_phase
from tests.community.circle.factories import counted_queries
from tests.community.members.merging.factories import merge
from tests.factories import make_circle_post, make_fan, make_staff

NAMES = ("comments", "opened_shares", "new_members", "orders", "seats", "posts")


def wanted(*names: str, **changes: object) -> Campaign:
    """A campaign that runs, with goals that are kept."""
    campaign = make_campaign(**changes)
    for name in names or NAMES:
        a_goal(campaign, name)
    goals.count_new(campaign.starts_at)
    return campaign


def shown(campaign: Campaign, at: datetime) -> dict[str, int]:
    return {goal.measure: pace.actual for goal, _measure, pace in reading.paces(campaign, at)}


def counted(campaign: Campaign, at: datetime) -> dict[str, int]:
    known = measures.known()
    return {goal.measure: known[goal.measure].count(campaign, at) for goal in campaign.goals}


def assert_kept(campaign: Campaign, at: datetime) -> None:
    """Every goal is kept, and as what counting says."""
    assert goals.numbers(campaign, at).keys() == {goal.id for goal in campaign.goals}
    assert shown(campaign, at) == counted(campaign, at)
    assert proving.put_right(campaign.id, at) == 0


def fact(kind: str, campaign: Campaign, at: datetime, key: str, **more: object) -> None:
    events.track(kind, key=key, at=at, campaign_id=campaign.id, **more)  # type: ignore[arg-type]


def test_what_counts_is_kept_as_it_comes(app: Flask, at: datetime) -> None:
    campaign, fan, other = wanted(), make_fan("小满"), make_fan("谷雨")
    link, second = a_link(campaign=campaign), a_link(campaign=campaign)
    for number, (one, of) in enumerate(((fan, link), (fan, link), (other, second))):
        fact("link.visited", campaign, at, f"v{number}", member_id=one.id, subject=of)
        fact("member.came_by_link", campaign, at, f"n{number}", member_id=one.id)
        fact("interaction.comment", campaign, at, f"c{number}", member_id=one.id)
    fact("link.ordered", campaign, at, "o")
    fact("post.published", campaign, at, "p")
    numbers = {"comments": 3, "opened_shares": 2, "new_members": 2, "orders": 1, "seats": 0, "posts": 1}
    for _round in range(2):
        assert shown(campaign, at) == {"participants": 2, **numbers}
        assert_kept(campaign, at)
        folding.fold()


def test_what_is_taken_back_counts_no_more_and_is_taken_off_once(app: Flask, at: datetime) -> None:
    campaign, fan = wanted("comments", "seats"), make_fan()
    post, offer = make_circle_post(campaign_id=campaign.id), make_offer(campaign=campaign)
    said = say(post, roster.handle_of(fan), "好茶！", at, key="akey000001")
    for minute in (0, 2):
        join(offer, fan, at + timedelta(minutes=minute))
        leave(offer, fan, at + timedelta(minutes=minute + 1))
    at += timedelta(minutes=4)
    join(offer, fan, at)
    assert shown(campaign, at) == {"participants": 1, "comments": 1, "seats": 1}
    withdraw(said, roster.handle_of(fan), at)
    assert shown(campaign, at)["comments"] == 0
    assert_kept(campaign, at)


def test_what_lies_outside_of_the_period_does_not_count(app: Flask, at: datetime) -> None:
    campaign, other = wanted("posts", "orders"), wanted("posts")
    fact("post.published", campaign, campaign.starts_at - timedelta(seconds=1), "before")
    fact("post.published", campaign, campaign.ends_at + timedelta(seconds=1), "after")
    fact("post.published", other, at, "of another")
    fact("post.published", campaign, campaign.ends_at, "at the end")
    assert shown(campaign, campaign.ends_at)["posts"] == 1
    assert_kept(campaign, campaign.ends_at)


def test_a_goal_that_is_set_later_has_what_was_before(app: Flask, at: datetime) -> None:
    campaign, fan = wanted("orders"), make_fan()
    fact("interaction.comment", campaign, at, "before", member_id=fan.id)
    goal = a_goal(campaign, "comments")
    assert shown(campaign, at)["comments"] == 1
    assert goal.id not in goals.numbers(campaign, at)
    fact("interaction.comment", campaign, at, "meanwhile", member_id=fan.id)
    jobs.fold()
    fact("interaction.comment", campaign, at, "after", member_id=fan.id)
    assert shown(campaign, at)["comments"] == 3
    assert_kept(campaign, at)


def test_another_period_is_another_number(app: Flask, at: datetime) -> None:
    campaign = wanted("posts", starts=datetime.fromisoformat("2026-03-02T20:00"))
    fact("post.published", campaign, at, "teaser")
    assert shown(campaign, at)["posts"] == 0
    a_phase(campaign, -1, 0, is_teaser=True)
    assert shown(campaign, at)["posts"] == 1
    assert goals.count_new(at) == 1
    assert shown(campaign, at)["posts"] == 1
    assert_kept(campaign, at)


def test_what_came_after_the_old_end_counts_when_the_end_is_moved(app: Flask, at: datetime) -> None:
    campaign = wanted("orders")
    late = campaign.ends_at + timedelta(days=1)
    fact("link.ordered", campaign, late, "late")
    later = writing.Wanted(
        title=campaign.title, summary="", kind=campaign.kind, goal="", goal_participants=10, zone="UTC",
        starts=campaign.starts_at.replace(tzinfo=None), ends=(late + timedelta(days=1)).replace(tzinfo=None),
    )  # fmt: skip
    writing.change(campaign, later, by=campaign.lead, at=at)
    assert goals.count_new(at) == 1
    assert shown(campaign, late)["orders"] == 1
    assert_kept(campaign, late)


def test_a_campaign_that_was_called_off_keeps_what_it_had(app: Flask, at: datetime) -> None:
    campaign = wanted("orders")
    fact("link.ordered", campaign, at, "before")
    writing.call_off(campaign, by=campaign.lead, at=at)
    fact("link.ordered", campaign, at + timedelta(hours=1), "after")
    assert shown(campaign, at + timedelta(days=1))["orders"] == 1
    assert_kept(campaign, at + timedelta(days=1))


def test_of_the_past_it_says_what_there_was_then(app: Flask, at: datetime) -> None:
    campaign = wanted("orders")
    for hours in (0, 2):
        fact("link.ordered", campaign, at + timedelta(hours=hours), str(hours))
    assert [shown(campaign, at + timedelta(hours=hours))["orders"] for hours in (-1, 1, 3)] == [0, 1, 2]


def test_facts_of_two_selves_who_are_one_person_are_counted_anew(app: Flask, at: datetime) -> None:
    campaign, kept, other = wanted("new_members"), make_fan("小满"), make_fan("满满")
    for fan in (kept, other):
        fact("member.came_by_link", campaign, at, fan.name, member_id=fan.id)
    merged = merge(kept, other, make_staff(Role.ADMINISTRATOR))
    for number in (1, 2):
        assert shown(campaign, at)["new_members"] == number
        assert goals.count_new(at) == 1
        assert_kept(campaign, at)
        if number == 1:
            selves.split(merged, by=make_staff(Role.ADMINISTRATOR), at=at + timedelta(hours=1), reason="zwei")


@pytest.mark.parametrize("name", ["comments", "orders"])
def test_a_fact_whose_member_is_learnt_later_counts_once(app: Flask, at: datetime, name: str) -> None:
    campaign, fan = wanted(name), make_fan()
    kind = {"comments": "interaction.comment", "orders": "link.ordered"}[name]
    nobodys = events.track(kind, key="n", at=at, campaign_id=campaign.id)
    assert nobodys is not None
    assert shown(campaign, at)[name] == (name == "orders")
    nobodys.member_id = fan.id
    db.session.flush()
    events.tell([nobodys], learnt_at=at + timedelta(hours=1))
    assert shown(campaign, at)[name] == 1
    assert_kept(campaign, at)


def test_a_goal_that_goes_leaves_nothing_behind(app: Flask, at: datetime) -> None:
    campaign = wanted("orders")
    fact("link.ordered", campaign, at, "one")
    (goal,) = [goal for goal in campaign.goals if goal.measure == "orders"]
    changing.remove(goal, by=campaign.lead, at=at)
    assert proving.put_right(campaign.id, at, only=Measure.GOAL) > 0
    assert proving.put_right(campaign.id, at) == 0


def test_pages_with_goals_read_no_facts_to_count_them(lead: FlaskClient, at: datetime) -> None:
    campaign = wanted()
    check_in(make_fan(), at)
    public_id = campaign.public_id
    db.session.commit()
    for page in (f"/control/{public_id}", f"/control/{public_id}/aside", f"/planning/{public_id}/goals",
                 f"/planning/{public_id}", "/planning", f"/participation/{public_id}"):  # fmt: skip
        with counted_queries() as asked:
            assert lead.get(page).status_code == 200
        assert asked
        assert [one for one in asked if "count(" in one and "FROM event" in one] == [], page


def test_a_mission_that_counts_everywhere_is_no_goal_of_facts(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN))
    a_goal(campaign, "missions_fulfilled")
    check_in(make_fan(), at)
    assert goals.numbers(campaign, at) == {goal.id: 1 for goal in campaign.goals}
