"""Writing an offer, opening it, and what becomes of it at its deadline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from campaigns.groupbuys import offering, panels, reading, settling
from campaigns.groupbuys.joining import join, leave
from campaigns.groupbuys.models import GroupBuy, GroupBuyState
from campaigns.groupbuys.offering import AlreadyOpen
from campaigns.groupbuys.settling import TooEarly
from campaigns.links import slots as of_links
from commons import clock, events, jobs
from commons.db import db
from commons.errors import Invalid
from commons.events import Event
from commons.jobs.models import Job
from commons.money import Money
from tests.campaigns.factories import a_lead, a_link, make_draft, make_offer, wanted_offer
from tests.factories import make_fan


def settled(offer: GroupBuy) -> GroupBuyState:
    """The state after the deadline, reached by the outbox alone."""
    jobs.drain(offer.deadline_at)
    db.session.refresh(offer)
    return offer.state


def kinds(offer: GroupBuy) -> list[str]:
    return [fact.kind for fact in events.of_subject(offer)]


@pytest.mark.parametrize(
    "changes",
    [
        {"price": Money(-100)},
        {"price": Money(0)},
        {"price": Money(20000)},
        {"needed": 0},
        {"needed": 11},
        {"seats": 0},
        {"seats": -5, "needed": -6},
    ],
)
def test_numbers_that_make_no_offer_are_refused(app: Flask, at: datetime, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        make_draft(**changes)


def test_a_deadline_is_meant_in_its_zone_and_a_gap_moves_it_forward(app: Flask, at: datetime) -> None:
    offer = make_offer(deadline=datetime(2026, 3, 29, 2, 30), zone="Europe/Berlin")
    assert offer.deadline_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert db.session.scalars(select(Job.due_at).where(Job.name == "groupbuys.settle")).one() == offer.deadline_at


def test_a_deadline_that_comes_twice_means_the_first(app: Flask, at: datetime) -> None:
    offer = make_offer(deadline=datetime(2026, 10, 25, 2, 30), zone="Europe/Berlin")
    assert offer.deadline_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_fans_see_nothing_of_a_draft(app: Flask, at: datetime) -> None:
    draft, lead, fan = make_draft(), a_lead(), make_fan()
    assert list(reading.listed(lead, past=False)) == [draft]
    assert list(reading.listed(fan.user, past=False)) == []  # type: ignore[arg-type]


def test_a_draft_may_change_and_may_be_thrown_away(app: Flask, at: datetime) -> None:
    lead = a_lead()
    draft = make_draft(lead)
    offering.write_offer(draft, wanted_offer(title="桂花乌龙", price=Money(9900)), by=lead, at=at)
    assert (draft.title, draft.price) == ("桂花乌龙", Money(9900))
    offering.discard(draft)
    assert db.session.scalars(select(GroupBuy)).all() == []


def test_what_fans_have_seen_neither_changes_nor_vanishes(app: Flask, at: datetime) -> None:
    lead, offer = a_lead(), make_offer()
    with pytest.raises(AlreadyOpen):
        offering.write_offer(offer, wanted_offer(price=Money(100)), by=lead, at=at)
    with pytest.raises(AlreadyOpen):
        offering.discard(offer)
    assert offer.price == Money(12800)


def test_opening_twice_is_opening_once(app: Flask, at: datetime) -> None:
    lead = a_lead()
    draft = make_draft(lead)
    for _ in range(2):
        offering.open_offer(draft, by=lead, at=at)
    assert kinds(draft) == ["group_buy.opened"]
    assert len(db.session.scalars(select(Job).where(Job.name == "groupbuys.settle")).all()) == 1


def test_a_draft_whose_deadline_has_passed_cannot_be_opened(app: Flask, at: datetime) -> None:
    lead = a_lead()
    draft = make_draft(lead)
    with pytest.raises(Invalid):
        offering.open_offer(draft, by=lead, at=draft.deadline_at)
    assert draft.state is GroupBuyState.DRAFT


def test_with_enough_people_it_comes_about_by_itself(app: Flask, at: datetime) -> None:
    offer, fans = make_offer(needed=2), [make_fan("小满"), make_fan("谷雨")]
    for fan in fans:
        join(offer, fan, at)
    assert settled(offer) is GroupBuyState.SUCCEEDED
    assert offer.settled_at == offer.deadline_at
    reached = db.session.scalars(select(Event.member_id).where(Event.kind == "group_buy.reached")).all()
    assert sorted(reached, key=int) == [fan.id for fan in fans]  # type: ignore[arg-type]


def test_with_too_few_it_is_void_and_they_are_told(app: Flask, at: datetime) -> None:
    offer, fan, gone = make_offer(needed=2), make_fan(), make_fan("谷雨")
    join(offer, fan, at)
    join(offer, gone, at)
    leave(offer, gone, at)
    assert settled(offer) is GroupBuyState.VOID
    assert db.session.scalars(select(Event.member_id).where(Event.kind == "group_buy.voided")).all() == [fan.id]


def test_before_its_deadline_nothing_is_settled(app: Flask, at: datetime) -> None:
    offer = make_offer(needed=1)
    join(offer, make_fan(), at)
    jobs.drain(offer.deadline_at - timedelta(seconds=1))
    db.session.refresh(offer)
    assert offer.state is GroupBuyState.OPEN


def test_settling_again_changes_nothing(app: Flask, at: datetime) -> None:
    offer = make_offer(needed=1)
    join(offer, make_fan(), at)
    for minutes in (0, 5, 10):
        settling.settle_due(offer.id, offer.deadline_at + timedelta(minutes=minutes))
        jobs.drain(offer.deadline_at + timedelta(minutes=minutes))
    assert offer.settled_at == offer.deadline_at
    assert kinds(offer).count("group_buy.settled") == 1
    assert kinds(offer).count("group_buy.reached") == 1


def test_a_worker_whose_clock_is_behind_tries_again(app: Flask, at: datetime) -> None:
    offer = make_offer()
    with pytest.raises(TooEarly), clock.held(offer.deadline_at - timedelta(seconds=2)):
        settling.settle(offer.id)


def test_calling_off_makes_every_seat_void_and_the_deadline_passes_without_effect(app: Flask, at: datetime) -> None:
    lead, fan = a_lead(), make_fan()
    offer = make_offer(needed=1)
    join(offer, fan, at)
    for _ in range(2):
        offering.call_off(offer, by=lead, at=at)
    assert settled(offer) is GroupBuyState.CANCELLED
    assert kinds(offer) == ["group_buy.opened", "group_buy.joined", "group_buy.cancelled", "group_buy.voided"]


def test_one_that_is_over_cannot_be_called_off_or_opened_again(app: Flask, at: datetime) -> None:
    lead, offer = a_lead(), make_offer(needed=1)
    join(offer, make_fan(), at)
    settled(offer)
    offering.call_off(offer, by=lead, at=at)
    assert offer.state is GroupBuyState.SUCCEEDED
    with pytest.raises(AlreadyOpen):
        offering.open_offer(offer, by=lead, at=at)


def test_lists_put_the_next_deadline_first_and_the_past_aside(app: Flask, at: datetime) -> None:
    fan = make_fan()
    assert fan.user is not None
    soon = make_offer(deadline=datetime(2026, 3, 2, 9))
    later = make_offer(deadline=datetime(2026, 3, 9, 9))
    over = make_offer()
    offering.call_off(over, by=a_lead(), at=at)
    assert list(reading.listed(fan.user, past=False)) == [soon, later]
    assert list(reading.listed(fan.user, past=True)) == [over]
    assert list(reading.open_offers(at)) == [soon, later]
    assert list(reading.open_offers(soon.deadline_at)) == [later]


def test_what_other_pages_show(app: Flask, at: datetime) -> None:
    fan, other, link = make_fan(), make_fan("谷雨"), a_link()
    assert panels.beside_the_feed(None, at) is None
    assert panels.profile(fan, at) is None
    offer = make_offer()
    join(offer, fan, at, link)
    join(offer, other, at, link)
    leave(offer, other, at)
    profile, status = panels.profile(fan, at), panels.status(fan, at)
    assert profile is not None
    assert [seat.group_buy for seat in profile.context["seats"]] == [offer]
    assert [seat.group_buy for seat in status.context["seats"]] == [offer]
    assert 1 in [outcome(link).number for outcome in of_links.outcomes]
    assert fan.user is not None
    assert panels.export(fan.user)["group_buys"][0]["came_by"] == link.slug
    assert panels.export(a_lead()) == {"group_buys": []}
    today = panels.today(a_lead(), at)
    assert today is not None
    assert list(today.context["offers"]) == [offer]
    assert panels.today(fan.user, at) is None
    assert panels.today(a_lead(), offer.deadline_at) is None
