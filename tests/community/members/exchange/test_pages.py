"""The pages of lists of members as staff open them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import jobs
from commons.db import db
from commons.permissions import Role
from commons.sheets import pages
from community.members.models import Member
from tests.campaigns.posts.exchange.tables import a_csv
from tests.factories import make_fan, make_staff, sign_in

HEAD = ["名字", "邮箱", "标签"]


@pytest.fixture
def staff(app: Flask, client: FlaskClient, at: datetime) -> FlaskClient:
    """A signed-in campaign lead, whose pages are in English."""
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    return client


def upload(client: FlaskClient, *rows: Sequence[str], basis: str = "signed our list") -> str:
    sent = {"file": (io.BytesIO(a_csv(HEAD, *rows)), "名单.csv"), "basis": basis}
    answer = client.post("/members/import", data=sent)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_a_fan_and_whoever_may_only_read_find_nothing_here(client: FlaskClient, at: datetime) -> None:
    fan = make_fan()
    assert fan.user is not None
    for user in (fan.user, make_staff(Role.EXECUTIVE)):
        sign_in(client, user)
        assert client.get("/members/import").status_code == 404
        assert client.post("/members/import").status_code == 404


def test_a_list_is_looked_at_and_then_imported(staff: FlaskClient) -> None:
    address = upload(staff, ["小满", "man@example.org", "春茶"], ["坏", "nothing", ""])
    page = staff.get(address).text
    assert "Nothing is written yet" in page
    assert "Import 1 row" in page
    assert "is no mail address" in page

    staff.post(f"{address}/confirm")

    report = staff.get(address).text
    assert "What became of every row." in report
    assert "Written" in report
    member = db.session.query(Member).one()
    profile = staff.get(f"/members/{member.public_id}").text
    assert "Whoever signs up with m…n@example.org" in profile
    assert "man@example.org" not in profile
    assert "signed our list" in profile
    table = staff.get(f"{address}/refused.csv", buffered=True).text.lstrip("\ufeff")
    (refused,) = csv.DictReader(io.StringIO(table))
    assert (refused["Name"], refused["What is wrong"][:12]) == ("坏", "Mail address")
    assert (
        "This file was imported before"
        in staff.get(upload(staff, ["小满", "man@example.org", "春茶"], ["坏", "nothing", ""])).text
    )


def test_many_rows_are_written_in_the_background_with_progress(
    staff: FlaskClient, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 1)
    address = upload(staff, *[[f"粉丝{number}", f"p{number}@example.org", ""] for number in range(3)])
    staff.post(f"{address}/confirm")
    assert "0 of 3 rows are done" in staff.get(address).text

    jobs.drain(at)

    assert staff.get(f"{address}/progress").status_code == 303
    assert db.session.query(Member).count() == 3


def test_the_form_says_what_is_missing(staff: FlaskClient) -> None:
    answer = staff.post("/members/import", data={})
    assert (answer.status_code, "Choose a CSV or XLSX file." in answer.text) == (422, True)
    sent = {"file": (io.BytesIO(b"Price\n1"), "x.csv"), "basis": "x"}
    broken = staff.post("/members/import", data=sent)
    assert (broken.status_code, "names none of the columns" in broken.text) == (422, True)
    assert "邮箱" not in staff.get("/members/import/empty.csv", buffered=True).text


def test_markup_in_a_list_is_shown_as_words(staff: FlaskClient) -> None:
    address = upload(staff, ["<script>x</script>", "a@example.org", "<i>"])
    assert "<script>x" not in staff.get(address).text
    staff.post(f"{address}/confirm")
    assert "<script>x" not in staff.get("/members").text
