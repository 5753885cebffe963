"""What goals are counted by: facts of the campaign, each measure in its own way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from campaigns.groupbuys.joining import join, leave
from campaigns.planning import measures, reading, slots
from campaigns.planning.models import Campaign, MissionKind
from campaigns.planning.pacing import Verdict
from campaigns.planning.slots import Measure
from commons import events
from commons.slots import Slot
from community.circle.checking_in import check_in
from community.circle.commenting import say, withdraw
from community.members.roster import handle_of
from tests.campaigns.factories import a_lead, a_link, make_campaign, make_offer, mission
from tests.campaigns.planning.factories import a_goal, a_phase, a_plan, day
from tests.factories import make_circle_post, make_fan


def counted(name: str, campaign: Campaign, at: datetime) -> int:
    return measures.known()[name].count(campaign, at)


def fact(kind: str, campaign: Campaign, at: datetime, key: str, **more: object) -> None:
    events.track(kind, key=key, at=at, campaign_id=campaign.id, **more)  # type: ignore[arg-type]


def test_participants_and_missions(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), mission(MissionKind.COMMENT))
    for name in ("小满", "谷雨"):
        check_in(make_fan(name), at)
    assert counted("participants", campaign, at) == 2
    assert counted("missions_fulfilled", campaign, at) == 2
    assert counted("participants", campaign, at - timedelta(hours=1)) == 0


def test_a_comment_that_was_withdrawn_does_not_count(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign()
    post = make_circle_post(campaign_id=campaign.id)
    say(post, handle_of(fan), "好茶！", at, key="akey000001")
    gone = say(post, handle_of(fan), "再来一杯", at, key="akey000002")
    assert counted("comments", campaign, at) == 2
    withdraw(gone, handle_of(fan), at)
    assert counted("comments", campaign, at) == 1


def test_what_the_team_says_is_no_comment_of_a_fan(app: Flask, at: datetime) -> None:
    campaign = make_campaign()
    fact("interaction.comment", campaign, at, "of the team")
    assert counted("comments", campaign, at) == 0


def test_a_seat_that_was_given_back_does_not_count(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.JOIN_GROUP_BUY))
    offer = make_offer(campaign=campaign)
    stays, goes = make_fan("小满"), make_fan("谷雨")
    for fan in (stays, goes):
        join(offer, fan, at)
    leave(offer, goes, at)
    assert counted("seats", campaign, at) == 1


def test_a_share_counts_once_however_many_came_by_it(app: Flask, at: datetime) -> None:
    campaign, fan = make_campaign(), make_fan()
    one, other = a_link(campaign=campaign), a_link(campaign=campaign)
    for number, link in enumerate((one, one, other)):
        fact("link.visited", campaign, at, f"visit {number}", member_id=fan.id, subject=link)
    assert counted("opened_shares", campaign, at) == 2


@pytest.mark.parametrize(
    ("kind", "measure"),
    [("link.ordered", "orders"), ("member.came_by_link", "new_members"), ("post.published", "posts")],
)
def test_only_facts_that_name_the_campaign_within_its_period_count(
    app: Flask, at: datetime, kind: str, measure: str
) -> None:
    campaign, other = make_campaign(), make_campaign()
    fans = [make_fan(str(number)) for number in range(3)]
    fact(kind, campaign, at, "within", member_id=fans[0].id)
    fact(kind, other, at, "of another", member_id=fans[1].id)
    fact(kind, campaign, campaign.starts_at - timedelta(minutes=1), "before", member_id=fans[2].id)
    assert counted(measure, campaign, at) == 1


def test_posts_of_the_teaser_count(app: Flask, at: datetime) -> None:
    plan = a_plan(a_lead())
    fact("post.published", plan, day(plan, -0.5), "teaser")
    assert counted("posts", plan, day(plan, 1)) == 0
    a_phase(plan, -0.9, 0, is_teaser=True)
    assert counted("posts", plan, day(plan, 1)) == 1


def test_goals_stand_against_the_time_that_is_over(app: Flask, at: datetime) -> None:
    campaign = make_campaign(mission(MissionKind.CHECK_IN), goal_participants=20)
    a_goal(campaign, "posts", 10)
    for name in ("小满", "谷雨"):
        check_in(make_fan(name), at)
    paces = {goal.measure: pace for goal, _measure, pace in reading.paces(campaign, at)}
    assert (paces["participants"].actual, paces["participants"].time) == (2, 0.1)
    assert paces["participants"].verdict is Verdict.ON_PACE
    assert paces["posts"].verdict is Verdict.BEHIND


def test_another_room_brings_its_own(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Slot[Any]("a room")
    for plug in slots.measures:
        room.plug(plug)
    room.plug(lambda: [Measure("applause", "掌声", "一次算一次", lambda _campaign, _at: 7)])
    monkeypatch.setattr(slots, "measures", room)
    campaign = make_campaign()
    a_goal(campaign, "applause", 7)
    assert [pace.verdict for goal, _measure, pace in reading.paces(campaign, at) if goal.measure == "applause"] == [
        Verdict.REACHED
    ]


def test_a_goal_outlives_the_room_of_its_measure(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = make_campaign()
    monkeypatch.setattr(slots, "measures", Slot[Any]("no room"))
    ((goal, measure, pace),) = reading.paces(campaign, at)
    assert (goal.measure, measure, pace.actual) == ("participants", None, 0)
