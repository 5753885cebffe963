"""The public card as PNG: drawn when it changed, only while it is shown, whatever the name is made of."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageChops

from community.circle import card_drawing
from community.circle.card_drawing import Face
from community.members.models import Member
from tests.factories import NOON, make_fan

NAMES = {
    "emoji": "🍵🫖 小满",
    "only emoji": "🍵🫖",
    "rare characters": "𠮷野家𪚥",
    "very long": "一位名字特别特别长的茶友住在山上每天都来看茶的人叫做长" * 4,
    "very long in Latin": "W" * 60,
    "turned around": "\u202eesrever\u202c",
    "stacked marks": "Z" + "\u0301" * 60,
    "nothing to see": "\u200b\u2060",
    "right to left": "שלום",
    "markup": "<script>&amp;",
    "line breaks": "a\nb\x00c",
}


@pytest.fixture
def fan(app: Flask, at: datetime) -> Member:
    return make_fan("小满", NOON, language="en")


def face(name: str, **changes: object) -> Face:
    usual = {
        "name": name, "stand_in": "Somebody", "circle": "In the circle", "rank": 3, "level_word": "Level", "level": "常客",
        "share": 0.4, "since": "Here since March 2026", "accent": "#c5391d",
    }  # fmt: skip
    return Face(**{**usual, **changes})  # type: ignore[arg-type]


def address_of(fan: Member) -> str:
    return f"/circle/cards/{fan.public_id}/card.png"


def pixels(png: bytes) -> Image.Image:
    with Image.open(BytesIO(png)) as picture:
        return picture.convert("RGB")


def test_there_is_no_picture_of_a_card_that_is_not_shown(client: FlaskClient, fan: Member) -> None:
    assert client.get(address_of(fan)).status_code == 404
    fan.card_public = True
    assert client.get(address_of(fan)).status_code == 200
    fan.card_public = False
    assert client.get(address_of(fan)).status_code == 404


def test_it_has_the_size_that_networks_show_and_is_drawn_anew_only_when_it_changed(
    client: FlaskClient, fan: Member
) -> None:
    fan.card_public = True

    first = client.get(address_of(fan))
    second = client.get(address_of(fan), headers={"If-None-Match": first.headers["ETag"]})
    fan.name = "小寒"
    third = client.get(address_of(fan), headers={"If-None-Match": first.headers["ETag"]})

    assert first.mimetype == "image/png"
    assert pixels(first.data).size == (1200, 630)
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert (second.status_code, second.data) == (304, b"")
    assert third.status_code == 200
    assert third.headers["ETag"] != first.headers["ETag"]


def test_it_speaks_the_language_that_its_address_names(client: FlaskClient, fan: Member) -> None:
    fan.card_public = True

    marks = {client.get(f"{address_of(fan)}?language={one}").headers["ETag"] for one in ("en", "zh_Hans")}

    assert len(marks) == 2


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_any_name_stays_inside_of_the_card(app: Flask, name: str) -> None:
    picture = pixels(card_drawing.drawn(face(name)))
    margin = picture.crop((1125, 100, 1156, 550))
    words = picture.crop((560, 240, 1120, 320))

    assert margin.getcolors() == [(margin.width * margin.height, (0xFF, 0xFD, 0xF9))], "nothing runs over the edge"
    assert len(words.getcolors(100_000) or []) > 2, "something can be read"


def test_what_cannot_be_drawn_is_left_out_and_a_stand_in_takes_an_empty_place(app: Flask) -> None:
    assert card_drawing.drawable("🍵 小满 ☕") == "小满"
    assert card_drawing.drawable("🍵🫖") == ""
    assert card_drawing.drawable("\u202eesrever") == "esrever"
    same = ImageChops.difference(pixels(card_drawing.drawn(face("🍵🫖"))), pixels(card_drawing.drawn(face("Somebody"))))
    assert same.getbbox() is None


def test_the_ring_is_as_full_as_the_way_to_the_next_level(app: Flask) -> None:
    def red(share: float) -> int:
        ring = pixels(card_drawing.drawn(face("a", share=share))).crop((110, 115, 510, 515))
        return sum(count for count, colour in ring.getcolors(100_000) or [] if colour == (0xC5, 0x39, 0x1D))

    empty, quarter, half, full = red(0), red(0.25), red(0.5), red(1)

    assert empty == 0
    assert half == pytest.approx(2 * quarter, rel=0.05)
    assert full == pytest.approx(2 * half, rel=0.05)


def test_the_page_of_the_card_names_its_picture_for_networks(client: FlaskClient, fan: Member) -> None:
    fan.card_public = True

    page = client.get(f"/circle/cards/{fan.public_id}", headers={"Accept-Language": "en"}).text

    assert f'{address_of(fan)}?language=en"' in page
    assert 'property="og:image:width" content="1200"' in page
