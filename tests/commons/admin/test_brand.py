from __future__ import annotations

import io
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import func, select

from commons.accounts.models import User
from commons.admin import brand, colours
from commons.admin.models import Brand
from commons.db import db
from commons.permissions import Role
from tests.factories import make_staff, sign_in

TEAHOUSE = {"name_zh": "山间茶事", "name_en": "Hill Tea", "about_zh": "一杯好茶", "about_en": "", "accent": "#2a6a45"}


@pytest.fixture
def alan(app: Flask, client: FlaskClient, at: datetime) -> User:
    user = make_staff(Role.ADMINISTRATOR, "阿岚")
    sign_in(client, user)
    return user


def save(client: FlaskClient, **changes: object) -> int:
    data = {**TEAHOUSE, "zone": "Asia/Shanghai", **changes}
    return client.post("/admin/brand", data=data, content_type="multipart/form-data").status_code


def png() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (600, 200), "red").save(out, "PNG")
    out.seek(0)
    return out, "logo.png"


def test_settings_change_every_page(app: Flask, client: FlaskClient, alan: User) -> None:
    assert save(client) == 303

    visitor = app.test_client()
    assert "山间茶事" in visitor.get("/accounts/sign-in").text
    assert "Hill Tea" in visitor.get("/accounts/sign-in", headers={"Accept-Language": "en"}).text
    assert "--accent: #2a6a45;" in visitor.get("/theme.css").text


def test_a_logo_takes_the_place_of_the_mark_and_can_be_taken_away(client: FlaskClient, alan: User) -> None:
    assert save(client, logo=png()) == 303
    logo = brand.current().logo_url
    assert logo is not None
    assert logo in client.get("/admin/brand").text
    with client.get(logo) as answer:
        assert answer.mimetype == "image/png"

    assert save(client) == 303
    assert brand.current().logo_url == logo
    assert save(client, no_logo="y") == 303
    assert brand.current().logo_url is None


def test_a_file_that_is_no_picture_is_refused_and_nothing_changes(client: FlaskClient, alan: User) -> None:
    bad = (io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"), "logo.svg")

    assert save(client, logo=bad) == 422
    assert brand.current().name.en != "Hill Tea"


@pytest.mark.parametrize(
    "accent", ["", "red", "#fff", "#12345g", "#c5391d;}body{display:none", "url(x)", "#c5391d\n", "#C5391D9"]
)
def test_nothing_but_a_colour_gets_into_the_style_sheet(client: FlaskClient, alan: User, accent: str) -> None:
    status = save(client, accent=accent)

    assert status == (303 if accent.strip().lower() == "#c5391d" else 422)
    assert colours.is_colour(brand.current().accent)


def test_a_colour_that_got_into_the_table_otherwise_is_not_written_out(app: Flask) -> None:
    found = brand.current()
    found.accent = "}*{x"

    assert "}*{" not in brand.style_sheet(found)


def test_settings_may_be_saved_by_administrators_only(app: Flask, client: FlaskClient, at: datetime) -> None:
    sign_in(client, make_staff(Role.SOCIAL_MANAGER))

    assert save(client) == 404


def test_browsers_ask_for_the_theme_and_hear_that_nothing_changed(client: FlaskClient, app: Flask) -> None:
    first = client.get("/theme.css")
    again = client.get("/theme.css", headers={"If-None-Match": first.headers["ETag"]})

    assert first.mimetype == "text/css"
    assert (again.status_code, again.data) == (304, b"")


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_the_ink_is_readable_on_any_colour(colour: str) -> None:
    assert colours.contrast(colour, colours.ink_on(colour)) >= colours.READABLE


def test_contrast_is_computed_as_the_guidelines_say() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colours.ink_on("#c5391d") == colours.WHITE
    assert colours.ink_on("#ffd84d") == colours.DARK


def test_preparing_twice_makes_one_row(app: Flask, at: datetime) -> None:
    brand.prepare(at)
    brand.prepare(at)

    assert db.session.scalar(select(func.count()).select_from(Brand)) == 1


def test_the_gallery_shows_every_component(client: FlaskClient, alan: User) -> None:
    assert client.get("/admin/components").status_code == 200
    assert len(client.get("/admin/components/curve.json").json["x"]) == 30


def test_the_brand_is_read_again_once_its_session_is_over(app: Flask) -> None:
    brand.current()
    db.session.commit()
    name = str(brand.shown().name)
    db.session.commit()
    db.session.remove()

    assert str(brand.shown().name) == name
