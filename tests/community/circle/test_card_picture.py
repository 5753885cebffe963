"""The public card as a picture."""

from __future__ import annotations

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community.loyalty import ledger
from community.loyalty.models import Currency
from community.members.models import Member
from tests.factories import NOON, make_fan


@pytest.fixture
def fan(app: Flask, at: datetime) -> Member:
    return make_fan("小满", NOON)


def address_of(fan: Member) -> str:
    return f"/circle/cards/{fan.public_id}/card.svg"


def test_there_is_no_picture_of_a_card_that_is_not_shown(client: FlaskClient, fan: Member) -> None:
    assert client.get(address_of(fan)).status_code == 404


def test_it_shows_name_and_level_in_the_readers_language(client: FlaskClient, fan: Member) -> None:
    fan.card_public = True

    picture = client.get(address_of(fan), headers={"Accept-Language": "en"})

    assert picture.content_type == "image/svg+xml; charset=utf-8"
    assert ET.fromstring(picture.data).get("width") == "1200"
    assert "小满" in picture.text
    assert "Newcomer" in picture.text


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "\u202eesrever", "一位名字特别特别长的茶友住在山上每天都来看茶的人叫做长"]
)
def test_a_hostile_or_long_name_stays_a_name(client: FlaskClient, fan: Member, name: str) -> None:
    fan.card_public, fan.name = True, name

    picture = client.get(address_of(fan))
    texts = [found.text or "" for found in ET.fromstring(picture.data).iter("{http://www.w3.org/2000/svg}text")]

    assert "<script" not in picture.text
    assert any(text.startswith(name[:10]) for text in texts)


def test_the_ring_counts_what_the_page_counts(client: FlaskClient, fan: Member) -> None:
    """Growth that has left the period fills no ring, on the page and on both pictures."""
    fan.card_public = True
    ledger.earn(fan, Currency.GROWTH, 40, key="long ago", at=NOON - timedelta(days=400))

    picture = ET.fromstring(client.get(address_of(fan)).data)
    page = client.get(f"/circle/cards/{fan.public_id}").text

    circles = list(picture.iter("{http://www.w3.org/2000/svg}circle"))
    assert [one.get("stroke-dasharray") for one in circles] == [None]
    assert "0%" in page


def test_the_card_leads_to_its_picture(client: FlaskClient, fan: Member) -> None:
    fan.card_public = True

    assert address_of(fan) in client.get(f"/circle/cards/{fan.public_id}").text
