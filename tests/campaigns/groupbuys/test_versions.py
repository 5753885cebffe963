"""Another price for those who come later: a new version, and nothing changes for those who are in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from campaigns.groupbuys import offering, reading
from campaigns.groupbuys.joining import SoldOut, join
from campaigns.groupbuys.models import GroupBuyState
from campaigns.groupbuys.offering import StillNeeded
from campaigns.groupbuys.pricing import Step
from commons import jobs
from commons.db import db
from commons.errors import Invalid
from commons.money import Money
from tests.campaigns.factories import a_lead, make_draft, make_offer, wanted_offer
from tests.factories import make_fan


def test_a_new_version_says_the_same_until_it_is_changed(app: Flask, at: datetime) -> None:
    offer = make_offer(tiers=[Step(5, 9900)], regions=["SH"], most_each=2)
    draft = offering.new_version(offer, by=a_lead(), at=at)
    assert (draft.state, draft.title, draft.steps, draft.regions) == (
        GroupBuyState.DRAFT, offer.title, offer.steps, offer.regions,
    )  # fmt: skip
    assert draft.public_id != offer.public_id


def test_once_it_is_open_whoever_comes_later_joins_it_and_the_earlier_keep_their_price(
    app: Flask, at: datetime
) -> None:
    lead, early, late = a_lead(), make_fan(), make_fan("谷雨")
    offer = make_offer(needed=1)
    seat = join(offer, early, at)
    dearer = offering.new_version(offer, by=lead, at=at)
    offering.write_offer(dearer, wanted_offer(price=Money(15000)), by=lead, at=at)
    offering.open_offer(dearer, by=lead, at=at)

    with pytest.raises(SoldOut):
        join(offer, late, at)
    assert join(dearer, late, at).price == Money(15000)
    jobs.drain(offer.deadline_at)
    db.session.refresh(seat)
    assert seat.price == Money(12800)
    assert reading.later_version(offer) is dearer


def test_it_takes_nobody_from_an_offer_that_still_needs_people(app: Flask, at: datetime) -> None:
    lead, offer = a_lead(), make_offer(needed=2)
    join(offer, make_fan(), at)
    draft = offering.new_version(offer, by=lead, at=at)
    with pytest.raises(StillNeeded):
        offering.open_offer(draft, by=lead, at=at)
    assert draft.state is GroupBuyState.DRAFT
    offering.call_off(offer, by=lead, at=at)
    offering.open_offer(draft, by=lead, at=at)
    assert draft.opened_at == at


@pytest.mark.parametrize(
    "tiers", [[Step(2, 9900)], [Step(5, 12800)], [Step(5, 9900), Step(7, 9900)], [Step(11, 9900)], [Step(5, 0)]]
)
def test_further_prices_that_make_no_ladder_are_refused(app: Flask, at: datetime, tiers: list[Step]) -> None:
    with pytest.raises(Invalid):
        make_draft(tiers=tiers)


@pytest.mark.parametrize("changes", [{"team_seats": 1}, {"team_seats": 11}, {"most_each": 0}, {"most_each": 11}])
def test_numbers_of_teams_and_people_must_fit(app: Flask, at: datetime, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        make_draft(**changes)


def test_a_way_to_pay_that_does_not_exist_is_refused(app: Flask, at: datetime) -> None:
    with pytest.raises(Invalid):
        make_draft(provider="barter")
