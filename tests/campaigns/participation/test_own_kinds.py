"""Missions that follow from what happens elsewhere: somebody is brought, something is bought, a circle is joined."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.groupbuys.joining import join as take_seat
from campaigns.links.conversions import recording
from campaigns.links.conversions.models import Source
from campaigns.links.conversions.recording import Order
from campaigns.links.making import campaign_link
from campaigns.links.models import Link, Origin
from campaigns.participation.models import Participant
from campaigns.participation.persons import deciding
from campaigns.participation.persons.models import Decision, PersonAccount, PersonGroup
from campaigns.planning.missions import writing
from campaigns.planning.models import Mission, MissionKind
from commons import clock, jobs
from commons.db import db
from commons.money import Money
from community.circle.checking_in import check_in
from community.circle.interests import joining
from community.members.models import Member
from tests.campaigns.factories import a_lead, a_link, make_campaign, make_offer, mission, signed_in_fan
from tests.campaigns.participation.factories import a_mission, counted, is_fulfilled, takes_part
from tests.community.circle.interests.factories import make_circle
from tests.community.seed_users.factories import come, make_code, make_seed
from tests.factories import make_fan


def to_invite(needed: int = 1) -> Mission:
    """The mission to invite, of a campaign in which fans take part by checking in."""
    return make_campaign(mission(MissionKind.INVITE, needed), mission(MissionKind.CHECK_IN)).missions[0]


def came_by(fan: Member, link: Link, at: datetime) -> None:
    """The fan signed up after following the link."""
    db.session.add(Origin(user_id=fan.user_id, link_id=link.id, came_at=at, confirmed_at=at))
    db.session.flush()


def ordered(link: Link, number: str, at: datetime) -> None:
    recording.record(Order(number, link, Money(12800), at), Source.CALL, at)


def test_who_brings_somebody_by_a_link_has_done_it_once_that_one_takes_part(app: Flask, at: datetime) -> None:
    one, fan, other = to_invite(), make_fan("阿树"), make_fan("新来的", at)
    came_by(other, campaign_link(fan, one.campaign, at), at)
    assert counted(one, fan) == 0

    check_in(other, at)
    check_in(other, at + timedelta(days=1))

    assert (counted(one, fan), is_fulfilled(one, fan)) == (1, True)
    assert takes_part(one.campaign, fan)


def test_an_invitation_code_brings_as_well(app: Flask, at: datetime) -> None:
    one, seed = to_invite(), make_seed()
    newcomer = come(make_code(seed)).member

    check_in(newcomer, at)

    assert is_fulfilled(one, seed.member)


def test_who_came_before_the_campaign_was_not_brought_to_it(app: Flask, at: datetime) -> None:
    one, fan, other = to_invite(), make_fan("阿树"), make_fan("早来的", at)
    came_by(other, campaign_link(fan, one.campaign, at), one.campaign.starts_at - timedelta(hours=1))

    check_in(other, at)

    assert counted(one, fan) == 0


def test_ones_other_account_is_nobody_who_was_brought(app: Flask, at: datetime) -> None:
    one, fan, other = to_invite(), make_fan("阿树"), make_fan("阿树的小号", at)
    came_by(other, campaign_link(fan, one.campaign, at), at)
    check_in(fan, at)
    check_in(other, at)
    assert is_fulfilled(one, fan)

    people = [PersonAccount(member_id=account.id) for account in (fan, other)]
    group = PersonGroup(campaign_id=one.campaign_id, evidence=[], found_at=at, people=people)
    db.session.add(group)
    db.session.flush()
    deciding.decide(group, Decision.SAME, "同一个邮箱。", by=a_lead(), at=at)

    assert not is_fulfilled(one, fan)


def test_the_page_says_how_many_came(client: FlaskClient, at: datetime) -> None:
    one, fan = to_invite(), signed_in_fan(client)
    came_by(make_fan("新来的", at), campaign_link(fan, one.campaign, at), at)

    assert "1 person came by you" in client.get(f"/participation/missions/{one.public_id}").text


@pytest.mark.parametrize("kind", ["comment", "check_in", "join_group_buy", "join_circle", "buy", "invite", "share"])
def test_the_page_of_every_mission_says_where_it_is_done(client: FlaskClient, at: datetime, kind: str) -> None:
    signed_in_fan(client)
    one = a_mission(MissionKind(kind))
    address = f"/participation/missions/{one.public_id}"
    page = client.get(address)

    leads = re.findall(r'href="(/[a-z/]+|/participation/\w+)" class="btn', page.text)
    assert leads or f'action="{address}/link"' in page.text


@pytest.mark.parametrize("kind", ["buy", "invite", "share"])
def test_a_fan_asks_for_the_own_link_where_it_is_of_use_and_gets_one(
    client: FlaskClient, at: datetime, kind: str
) -> None:
    fan = signed_in_fan(client)
    one = a_mission(MissionKind(kind))

    for _time in range(2):
        client.post(f"/participation/missions/{one.public_id}/link")

    (link,) = db.session.query(Link).filter_by(member_id=fan.id)
    assert f"/l/{link.slug}" in client.get(f"/participation/missions/{one.public_id}").text


def test_an_order_by_the_fans_own_link_counts_once(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), a_mission(MissionKind.BUY, 2)
    link = campaign_link(fan, one.campaign, at)

    for number in ("YJ-1", "YJ-1", "YJ-2"):
        ordered(link, number, at)

    assert (counted(one, fan), is_fulfilled(one, fan)) == (2, True)


def test_an_order_by_a_link_of_the_brand_is_no_fans(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), a_mission(MissionKind.BUY)

    ordered(a_link(campaign=one.campaign), "YJ-1", at)

    assert counted(one, fan) == 0
    assert not takes_part(one.campaign, fan)


def test_a_seat_is_bought_once_the_group_has_come_about(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), a_mission(MissionKind.BUY)
    offer = make_offer(campaign=one.campaign, needed=1, seats=10)
    take_seat(offer, fan, at)
    assert counted(one, fan) == 0

    clock.set_to(offer.deadline_at)
    jobs.drain(clock.now())

    assert is_fulfilled(one, fan)


def test_any_circle_counts_and_coming_back_is_no_joining(app: Flask, at: datetime) -> None:
    fan, one = make_fan(), a_mission(MissionKind.JOIN_CIRCLE, 2)
    circle = make_circle()

    joining.join(circle, fan, at)
    joining.leave(circle, fan, at + timedelta(minutes=1))
    joining.join(circle, fan, at + timedelta(minutes=2))
    assert counted(one, fan) == 1

    joining.join(make_circle("茶席", "Tables"), fan, at)
    assert is_fulfilled(one, fan)


def test_where_a_circle_is_named_only_that_one_counts(client: FlaskClient, at: datetime) -> None:
    wanted, other = make_circle(), make_circle("茶席", "Tables")
    fan, one = signed_in_fan(client), a_mission(MissionKind.JOIN_CIRCLE, settings={"circle": wanted.public_id})

    joining.join(other, fan, at)
    assert counted(one, fan) == 0
    assert "Tea friends" in client.get(f"/participation/missions/{one.public_id}").text

    joining.join(wanted, fan, at)
    assert is_fulfilled(one, fan)


def test_a_mission_that_was_closed_takes_nothing_more_and_keeps_nobody_from_finishing(app: Flask, at: datetime) -> None:
    fan, campaign = make_fan(), make_campaign(mission(MissionKind.CHECK_IN), mission(MissionKind.JOIN_CIRCLE))
    joins = campaign.missions[1]
    writing.close(joins, by=campaign.lead, at=at)

    joining.join(make_circle(), fan, at)
    check_in(fan, at)

    assert counted(joins, fan) == 0
    assert db.session.query(Participant.finished_at).filter_by(member_id=fan.id).scalar() == at
