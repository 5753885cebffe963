"""Manifest, icons, service worker and the page for no network."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from commons.admin import brand
from commons.admin.brand import Looks
from commons.db import db
from commons.i18n import Words
from commons.installing.icons import CIRCLES
from commons.security import CSP
from tests.factories import NOON, make_fan, make_staff, sign_in

STATIC_ADDRESS = re.compile(r"/static/[\w./-]+\?v=[0-9a-f]{10}$")


@pytest.fixture
def tea_house(app: Flask) -> None:
    looks = Looks(Words("山月茶舍", "Mountain Moon Tea"), Words("喝茶", "Tea"), "#1f6f54", "Asia/Shanghai")
    brand.change(looks, make_staff(), NOON)
    db.session.commit()


@pytest.mark.parametrize(
    ("language", "name", "lang"), [("zh-Hans", "山月茶舍", "zh-Hans"), ("en", "Mountain Moon Tea", "en")]
)
def test_the_manifest_is_the_brands_in_the_language_of_its_link(
    client: FlaskClient, tea_house: None, language: str, name: str, lang: str
) -> None:
    page = client.get("/circle", headers={"Accept-Language": language}).text
    assert f'href="/manifest.webmanifest?language={language}"' in page

    answer = client.get(f"/manifest.webmanifest?language={language}", headers={"Accept-Language": "de"})
    found = json.loads(answer.text)

    assert answer.mimetype == "application/manifest+json"
    assert (found["name"], found["lang"], found["theme_color"], found["id"]) == (name, lang, "#1f6f54", "/")
    assert found["display"] == "standalone"
    assert len(found["short_name"]) <= 12
    assert {one["purpose"] for one in found["icons"]} == {"any", "maskable"}
    assert found["shortcuts"][0]["url"] == "/circle"


def test_every_icon_of_the_manifest_is_there_in_its_size(client: FlaskClient, tea_house: None) -> None:
    for one in json.loads(client.get("/manifest.webmanifest").text)["icons"]:
        answer = client.get(one["src"])
        with Image.open(BytesIO(answer.data)) as picture:
            assert f"{picture.width}x{picture.height}" == one["sizes"]
        assert "immutable" in answer.headers["Cache-Control"]


def test_icons_wear_the_brands_colour_and_change_their_address_with_it(client: FlaskClient, tea_house: None) -> None:
    with Image.open(BytesIO(client.get("/icons/maskable-512.png").data)) as picture:
        x, y, _radius = CIRCLES[0]
        side = 512 * 0.56
        corner = (512 - side) / 2
        dot = picture.convert("RGB").getpixel((int(corner + x / 64 * side), int(corner + y / 64 * side)))
        edge = picture.convert("RGB").getpixel((1, 1))
    green = client.get("/manifest.webmanifest").text
    brand.change(Looks(Words("茶", "Tea"), Words("", ""), "#c5391d", "Asia/Shanghai"), make_staff(), NOON)

    assert dot == (0x1F, 0x6F, 0x54)
    assert edge == (0xFA, 0xF7, 0xF1), "a maskable icon fills its square"
    assert (
        json.loads(green)["icons"][0]["src"] != json.loads(client.get("/manifest.webmanifest").text)["icons"][0]["src"]
    )


@pytest.mark.parametrize("address", ["/icons/any-64.png", "/icons/huge-512.png", "/icons/any-99999.png"])
def test_other_icons_are_not_drawn(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_worker_serves_the_whole_house_and_is_asked_for_each_time(client: FlaskClient) -> None:
    answer = client.get("/service-worker.js")
    again = client.get("/service-worker.js", headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "worker-src 'self'" in CSP
    assert again.status_code == 304


def test_the_worker_keeps_nothing_but_the_shell(client: FlaskClient) -> None:
    facts = json.loads(
        client.get("/service-worker.js").text.partition("\n")[0].removeprefix("const HOUSE = ").rstrip(";")
    )

    assert all(STATIC_ADDRESS.match(name) for name in facts["files"])
    assert facts["offline"] == "/offline"
    for address in [facts["offline"], facts["theme"], facts["icon"], facts["badge"], *facts["files"]]:
        with client.get(address) as answer:
            assert answer.status_code == 200, address


def test_a_changed_brand_is_a_new_version(client: FlaskClient, tea_house: None) -> None:
    before = client.get("/service-worker.js").text
    brand.change(
        Looks(Words("茶", "Tea"), Words("", ""), "#c5391d", "Asia/Shanghai"), make_staff(), NOON.replace(hour=13)
    )

    assert client.get("/service-worker.js").text != before


def test_the_page_for_no_network_is_the_same_for_everybody_and_in_both_languages(
    app: Flask, client: FlaskClient
) -> None:
    fan, browser = make_fan("小满"), app.test_client()
    assert fan.user is not None
    sign_in(browser, fan.user)

    signed_in, stranger = browser.get("/offline").text, client.get("/offline").text

    assert signed_in == stranger
    assert "现在没有网络" in stranger
    assert "You are offline" in stranger
    assert "csrf" not in stranger


def test_signed_in_pages_are_kept_nowhere(app: Flask) -> None:
    fan, browser = make_fan("小满"), app.test_client()
    assert fan.user is not None
    sign_in(browser, fan.user)

    assert browser.get("/circle/me").headers["Cache-Control"] == "no-store"
