"""Signs that other rooms see: where parcels go, who paid, whom an order names."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.draws import awarding, sending, sightings
from campaigns.draws.models import DrawAward
from campaigns.draws.writing import WantedPrize
from campaigns.links.conversions import recording
from campaigns.links.conversions import sightings as of_orders
from campaigns.links.conversions.models import Source
from campaigns.links.conversions.recording import Order
from campaigns.links.counting import write_visits
from campaigns.participation.persons import wording
from campaigns.participation.persons.signs import MOST_IN_ONE_PLACE, Sighting, shared
from campaigns.payments import payers
from campaigns.payments.calls.receiving import keys
from commons import clock
from commons.accounts import leaving
from commons.db import db
from commons.money import Money
from community.members.models import Member
from tests.campaigns.draws.factories import ADDRESS, LAUNCH, a_drawn
from tests.campaigns.factories import a_link, visit
from tests.campaigns.payments.calls.test_receiving import DOOR, order
from tests.campaigns.payments.factories import asked
from tests.commons.calls.shops import Shop
from tests.factories import make_fan


@pytest.fixture
def winners(app: Flask) -> list[tuple[DrawAward, Member]]:
    """Two who won and gave one address and one telephone, each written in another way."""
    clock.set_to(LAUNCH)
    draw = a_drawn(2, prizes=[WantedPrize("茶罐", 2, Money(2800))])
    return [(award, award.entry.member) for award in db.session.query(DrawAward).filter_by(draw_id=draw.id)]


def give(award: DrawAward, **changes: str) -> None:
    awarding.accept(award, clock.now())
    sending.give_address(award, {**ADDRESS, **changes}, clock.now())


def seen(fans: list[Member]) -> set[tuple[str, tuple[int, ...]]]:
    return {(one.sign, one.members) for one in sightings.parcels([fan.id for fan in fans])}


def test_prizes_to_one_address_are_seen_however_it_is_written(winners: list[tuple[DrawAward, Member]]) -> None:
    (first, one), (second, other) = winners
    give(first)
    give(second, name="阿树", place="杭州市西湖区，云脚路8号", phone="138 0000 0000")

    ids = tuple(sorted((one.id, other.id)))
    assert seen([one, other]) == {("address", ids)}
    assert seen([one]) == set()


def test_one_telephone_is_seen_and_goes_with_the_account(winners: list[tuple[DrawAward, Member]]) -> None:
    (first, one), (second, other) = winners
    give(first)
    give(second, name="阿树", place="上海市静安区", phone="0571-00000000")
    assert {sign for sign, _members in seen([one, other])} == {"phone"}

    assert other.user is not None
    leaving.erase(other.user, clock.now())

    assert seen([one, other]) == set()


def test_one_payer_of_two_is_seen_and_kept_as_a_mark_alone(client: FlaskClient, at: datetime) -> None:
    shop, fans = Shop(client, keys, DOOR.format("shop"), at), [make_fan(), make_fan(), make_fan()]
    for number, (fan, payer) in enumerate(zip(fans, ("openid-77", "openid-77", "openid-78"), strict=True)):
        told = order(asked(at, fan, provider="shop"), external_id=f"A-{number}", payer=payer)
        assert shop.tell(told, f"key{number}").status_code == 200

    found = list(payers.sightings([fan.id for fan in fans]))

    assert found == [Sighting("payer", (fans[0].id, fans[1].id))]
    assert payers.mark_of("shop", "openid-77") != payers.mark_of("manual", "openid-77")


def test_an_order_that_names_one_while_the_other_was_signed_in_is_seen(app: Flask, at: datetime) -> None:
    one, other, link = make_fan(), make_fan(), a_link()
    for number, customer in enumerate((other, one)):
        hit = visit(link, user_id=one.user_id)
        write_visits([hit])
        recording.record(Order(f"YJ-{number}", link, Money(12800), at, hit["uid"], customer.public_id), Source.CALL, at)

    found = list(of_orders.orders([one.id, other.id]))

    assert found == [Sighting("customer", tuple(sorted((one.id, other.id))), {"times": 1})]


def test_a_mark_that_many_share_is_a_house_and_no_person() -> None:
    assert list(shared("address", [range(MOST_IN_ONE_PLACE + 1), [4, 4]])) == []
    assert list(shared("address", [[2, 1]])) == [Sighting("address", (1, 2))]


def test_every_sign_has_a_word_a_sentence_and_a_caution(app: Flask) -> None:
    shown = {"name": "小满", "channel": "weibo", "times": 3, "of": 4}

    assert set(wording.SIGNS) == set(wording.CAUTIONS)
    with app.test_request_context():
        sentences = {wording.sentence({"sign": sign, "members": [], "shown": shown}) for sign in wording.SIGNS}
        gone = wording.sentence({"sign": "handle", "members": [], "shown": {}})
    assert len(sentences) == len(wording.SIGNS)
    assert gone not in sentences
