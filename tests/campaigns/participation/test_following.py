"""Facts become participation: by themselves, once each, and only where they count."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaigns.groupbuys.joining import join, leave
from campaigns.links.counting import write_visits
from campaigns.links.making import personal_link
from campaigns.participation import following
from campaigns.participation.models import Fulfilment, MissionFact, Participant
from campaigns.planning import writing
from campaigns.planning.models import Campaign, MissionKind
from commons import clock, events
from commons.db import db
from commons.events import Event, Evidence
from community.circle.checking_in import check_in
from community.circle.commenting import say, withdraw
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from community.members.models import Member
from community.members.roster import handle_of
from tests.campaigns.factories import make_campaign, make_offer, mission, visit
from tests.factories import make_circle_post, make_fan


def commented(fan: Member, campaign: Campaign | None, at: datetime, key: str = "a comment") -> Event | None:
    """The fact that a comment in the circle leaves."""
    return events.track(
        "interaction.comment", key=key, at=at, member_id=fan.id, campaign_id=campaign.id if campaign else None
    )


def participants(campaign: Campaign) -> int:
    query = select(func.count()).select_from(Participant).where(Participant.campaign_id == campaign.id)
    return db.session.scalar(query) or 0


def fulfilled(fan: Member) -> list[str]:
    query = select(Fulfilment).where(Fulfilment.member_id == fan.id).order_by(Fulfilment.id)
    return [done.mission.kind for done in db.session.scalars(query)]


def facts_of(fan: Member, kind: str) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == kind, Event.member_id == fan.id)))


def test_a_comment_on_a_post_of_the_campaign_takes_part_and_fulfils(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign()
    say(make_circle_post(campaign_id=campaign.id), handle_of(fan), "好茶！", at, key="akey000001")
    assert participants(campaign) == 1
    assert fulfilled(fan) == ["comment"]
    (fact,) = facts_of(fan, "mission.fulfilled")
    assert fact.campaign_id == campaign.id
    assert len(facts_of(fan, "campaign.joined")) == 1


def test_a_comment_elsewhere_counts_nowhere(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign()
    say(make_circle_post(), handle_of(fan), "你好", at, key="akey000001")
    assert participants(campaign) == 0


def test_a_share_fulfils_when_somebody_opens_it(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.SHARE))
    link = personal_link(fan, make_circle_post(campaign_id=campaign.id), at)
    write_visits([visit(link, verdict="bot"), visit(link, user_id=fan.user_id)])
    assert fulfilled(fan) == []
    write_visits([visit(link)])
    assert fulfilled(fan) == ["share"]


def test_a_check_in_counts_in_every_running_campaign_that_asks_for_it(app: Flask, at: datetime) -> None:
    fan = make_fan()
    asking = [make_campaign(mission(MissionKind.CHECK_IN)), make_campaign(mission(MissionKind.CHECK_IN))]
    other = make_campaign(mission(MissionKind.COMMENT))
    check_in(fan, at)
    assert [participants(campaign) for campaign in asking] == [1, 1]
    assert participants(other) == 0
    assert fulfilled(fan) == ["check_in", "check_in"]


def test_joining_a_group_buy_of_the_campaign_counts(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.JOIN_GROUP_BUY))
    join(make_offer(campaign=None), fan, at)
    assert fulfilled(fan) == []
    join(make_offer(campaign=campaign), fan, at)
    assert fulfilled(fan) == ["join_group_buy"]


def test_a_mission_may_need_several_facts(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.COMMENT, 3))
    for number in range(2):
        commented(fan, campaign, at, f"comment {number}")
    assert fulfilled(fan) == []
    for number in range(2, 6):
        commented(fan, campaign, at, f"comment {number}")
    assert fulfilled(fan) == ["comment"]
    assert len(facts_of(fan, "mission.fulfilled")) == 1


def test_reading_a_fact_again_changes_nothing(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.COMMENT, 2))
    fact = commented(fan, campaign, at)
    assert fact is not None
    for _ in range(3):
        following.read([fact, fact])
    assert commented(fan, campaign, at) is None
    assert db.session.scalar(select(func.count()).select_from(MissionFact)) == 1
    assert fulfilled(fan) == []


@pytest.mark.parametrize("moment", [timedelta(days=-2), timedelta(days=9)])
def test_what_happened_outside_the_period_does_not_count(app: Flask, at: datetime, moment: timedelta) -> None:
    fan, campaign = make_fan(), make_campaign()
    commented(fan, campaign, at + moment)
    assert participants(campaign) == 0


def test_the_first_moment_counts_and_the_last_no_more(app: Flask, at: datetime) -> None:
    fan, other, campaign = make_fan(), make_fan("谷雨"), make_campaign()
    commented(fan, campaign, campaign.starts_at, "first")
    commented(other, campaign, campaign.ends_at, "last")
    assert fulfilled(fan) == ["comment"]
    assert fulfilled(other) == []


def test_a_campaign_that_was_called_off_counts_nothing_more(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign()
    writing.call_off(campaign, by=campaign.lead, at=at)
    commented(fan, campaign, at)
    assert participants(campaign) == 0


def test_somebodys_own_word_is_too_weak_for_a_mission(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.SHARE))
    events.track(
        "link.visited", key="x", at=at, member_id=fan.id, campaign_id=campaign.id, evidence=Evidence.SELF_DECLARED
    )
    assert fulfilled(fan) == []


def test_facts_of_nobody_or_of_other_kinds_are_passed_over(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign()
    events.track("interaction.comment", key="x", at=at, campaign_id=campaign.id)
    events.track("interaction.like", key="y", at=at, member_id=fan.id, campaign_id=campaign.id)
    assert participants(campaign) == 0


def test_leaving_the_group_buy_opens_the_mission_again_and_gives_back_what_it_earned(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.JOIN_GROUP_BUY))
    offer = make_offer(campaign=campaign)
    before = balance(fan, Currency.POINTS)
    join(offer, fan, at)
    earned = balance(fan, Currency.POINTS) - before
    assert earned > 0
    leave(offer, fan, at + timedelta(minutes=1))
    assert fulfilled(fan) == []
    assert balance(fan, Currency.POINTS) == before
    join(offer, fan, at + timedelta(minutes=2))
    assert fulfilled(fan) == ["join_group_buy"]
    assert balance(fan, Currency.POINTS) - before == earned


def test_joining_and_leaving_for_ever_never_adds_up(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.JOIN_GROUP_BUY, 2))
    offer = make_offer(campaign=campaign)
    for minute in range(0, 8, 2):
        join(offer, fan, at + timedelta(minutes=minute))
        leave(offer, fan, at + timedelta(minutes=minute + 1))
    join(offer, fan, at + timedelta(minutes=20))
    assert fulfilled(fan) == []
    counting = select(func.count()).select_from(MissionFact).where(MissionFact.taken_back_at.is_(None))
    assert db.session.scalar(counting) == 1


def test_a_fact_that_was_taken_back_and_is_read_again_counts_no_more(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.JOIN_GROUP_BUY))
    offer = make_offer(campaign=campaign)
    join(offer, fan, at)
    leave(offer, fan, at + timedelta(minutes=1))
    points = balance(fan, Currency.POINTS)

    events.tell(db.session.scalars(select(Event).order_by(Event.id)).all())

    assert fulfilled(fan) == []
    assert balance(fan, Currency.POINTS) == points


def test_a_mission_stays_fulfilled_as_long_as_enough_is_left(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.JOIN_GROUP_BUY, 1))
    first, second = make_offer(campaign=campaign), make_offer(campaign=campaign)
    join(first, fan, at)
    join(second, fan, at + timedelta(minutes=1))
    leave(first, fan, at + timedelta(minutes=2))
    assert fulfilled(fan) == ["join_group_buy"]
    leave(second, fan, at + timedelta(minutes=3))
    assert fulfilled(fan) == []


def test_a_withdrawn_comment_counts_no_more(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign()
    handle = handle_of(fan)
    said = say(make_circle_post(campaign_id=campaign.id), handle, "好茶！", at, key="akey000001")
    withdraw(said, handle, at + timedelta(minutes=1))
    assert fulfilled(fan) == []
    assert participants(campaign) == 1


def test_two_facts_at_the_same_moment_see_each_other(committed_app: Flask) -> None:
    fan = make_fan()
    campaign = make_campaign(mission(MissionKind.COMMENT, 8))
    commented(fan, campaign, clock.now(), "the first")
    db.session.commit()
    fan_id, campaign_id = fan.id, campaign.id
    db.session.rollback()
    start = threading.Barrier(7)

    def comment_once(number: int) -> None:
        with committed_app.app_context():
            mine, theirs = db.session.get_one(Member, fan_id), db.session.get_one(Campaign, campaign_id)
            db.session.rollback()
            start.wait()
            commented(mine, theirs, clock.now(), f"at once {number}")
            db.session.commit()

    threads = [threading.Thread(target=comment_once, args=(number,)) for number in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert fulfilled(fan) == ["comment"]
