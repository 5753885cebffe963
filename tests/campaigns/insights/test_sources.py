"""What brought a customer: the first order's own link, else how the person joined."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask

from campaigns.groupbuys.joining import join
from campaigns.insights import figures
from campaigns.insights.asking import asked
from campaigns.links.making import link_on
from campaigns.links.models import Link, Origin
from commons import clock, jobs
from commons.db import db
from commons.permissions import Role
from community.channels.accounts import connect
from community.members.models import Member
from tests.campaigns.factories import a_lead, a_link, make_campaign, make_offer, personal_link_of
from tests.campaigns.insights.factories import order
from tests.community.seed_users.factories import come, make_code
from tests.factories import make_fan, make_staff


def brought(at: datetime, by: str = "source") -> dict[str, int]:
    """New customers of this day by what brought them."""
    day = at.date().isoformat()
    wanted = asked({"from": day, "to": day, "by": by}, at)
    return {group.key: group.customers.hits for group in figures.new_customers(wanted, make_staff(Role.EXECUTIVE))}


def came_by(fan: Member, link: Link, at: datetime) -> None:
    """The fan signed up after following the link."""
    db.session.add(Origin(user_id=fan.user_id, link_id=link.id, came_at=at, confirmed_at=at))
    db.session.flush()


def reached(fan: Member, at: datetime) -> None:
    """The fan has a seat in a group buy that came about."""
    offer = make_offer(needed=1, seats=10)
    join(offer, fan, at)
    clock.set_to(offer.deadline_at)
    jobs.drain(clock.now())
    clock.set_to(at)


def test_the_channel_on_which_the_link_stood(app: Flask, at: datetime) -> None:
    tagged = link_on(a_link(), connect("weibo", "1", "@茶馆", at), at)
    order("a@example.org", at, tagged)
    assert brought(at) == {"weibo": 1}


def test_a_tag_counts_as_its_channel_however_it_is_written(app: Flask, at: datetime) -> None:
    order("a@example.org", at, a_link(utm_source="Weibo"))
    order("b@example.org", at, a_link(utm_source="weibo"))
    assert brought(at) == {"weibo": 2}


def test_a_personal_link_is_a_fan_who_shared_and_names_that_fan(app: Flask, at: datetime) -> None:
    sharer = make_fan("阿树")
    order("a@example.org", at, personal_link_of(sharer, at))
    assert brought(at) == {"~fans": 1}
    assert brought(at, "person") == {str(sharer.id): 1}


def test_a_link_that_says_nothing_of_itself_is_another_link(app: Flask, at: datetime) -> None:
    order("a@example.org", at)
    assert brought(at) == {"~link": 1}


def test_only_the_first_order_says_what_brought_somebody(app: Flask, at: datetime) -> None:
    order("a@example.org", at - timedelta(hours=2), a_link(utm_source="print"))
    order("a@example.org", at - timedelta(hours=1), a_link(utm_source="weibo"))
    assert brought(at) == {"print": 1}


def test_the_campaign_is_that_of_the_link(app: Flask, at: datetime) -> None:
    lead = a_lead()
    campaign = make_campaign(by=lead)
    order("a@example.org", at, a_link(campaign=campaign, by=lead))
    order("b@example.org", at, a_link())
    assert brought(at, "campaign") == {str(campaign.id): 1, "~none": 1}


def test_an_invitation_brings_who_came_by_no_link(app: Flask, at: datetime) -> None:
    acceptance = come(make_code())
    reached(acceptance.member, at)
    assert brought(at) == {"~invitation": 1}
    assert brought(at, "person") == {str(acceptance.inviter_id): 1}


def test_who_joined_by_a_link_and_bought_with_others_was_brought_by_that_link(app: Flask, at: datetime) -> None:
    fan = make_fan()
    came_by(fan, link_on(a_link(), connect("weibo", "1", "@茶馆", at), at), at)
    reached(fan, at)
    assert brought(at) == {"weibo": 1}


def test_who_came_by_nothing_we_know_came_directly(app: Flask, at: datetime) -> None:
    reached(make_fan(), at)
    assert brought(at) == {"~direct": 1}
    assert brought(at, "person") == {"~none": 1}


def test_names_of_people_are_for_those_who_may_see_profiles(app: Flask, at: datetime) -> None:
    order("a@example.org", at, personal_link_of(make_fan("阿树"), at))
    wanted = asked({"from": "2026-03-01", "to": "2026-03-01", "by": "person"}, at)

    (seen,) = figures.new_customers(wanted, make_staff(Role.EXECUTIVE))
    (hidden,) = figures.new_customers(wanted, make_staff(Role.FAN))

    assert seen.name == "阿树"
    assert hidden.name != "阿树"
