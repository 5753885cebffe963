"""Profiles as staff see them: the same record, entering, lifting, and the circle in numbers."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from commons.db import db
from commons.events import Event
from commons.permissions import Role
from community.members.models import Member
from community.members.profiles import allowing, counting, guardians
from community.members.profiles.models import Field, Purpose, Way
from tests.community.members.profiles.factories import allow, make_asked, tell, values
from tests.factories import NOON, make_fan, make_staff, sign_in


def record_of(page: str) -> str:
    return page[page.index('<dl class="record">') : page.index("</dl>")]


def test_staff_see_the_record_that_the_fan_sees_with_its_sources(
    desk: FlaskClient, phone: FlaskClient, fan: Member
) -> None:
    allow(fan)
    tell(fan, region="ZJ", interest=["tea"])

    staff, own = record_of(desk.get(f"/members/{fan.public_id}").text), record_of(phone.get("/me/profile").text)

    for words in ("Zhejiang", "Tea and coffee", "Not told"):
        assert words in staff
        assert words in own
    assert "Told by the fan" in staff
    assert "Clear" not in staff


def test_without_consent_staff_see_that_nothing_may_be_kept(desk: FlaskClient, fan: Member) -> None:
    assert "The fan has not allowed anything to be kept here." in desk.get(f"/members/{fan.public_id}").text
    assert "Nothing may be entered" in desk.get(f"/members/{fan.public_id}/profile").text


def test_staff_enter_with_a_basis(desk: FlaskClient, fan: Member) -> None:
    allow(fan)
    told = {"region": "FJ", "age_band": "", "education": "", "interest": ["tea"]}

    missing = desk.post(f"/members/{fan.public_id}/profile", data=told)
    saved = desk.post(f"/members/{fan.public_id}/profile", data={**told, "basis": "said so on the phone"})

    assert missing.status_code == 422
    assert "Please fill this in." in missing.text
    assert saved.status_code == 303
    assert values(fan) == {"region": ["FJ"], "interest": ["tea"]}
    assert "said so on the phone" in desk.get(f"/members/{fan.public_id}").text


def test_who_only_reads_may_not_enter(app: Flask, fan: Member) -> None:
    allow(fan)
    reader = app.test_client()
    sign_in(reader, make_staff(Role.EXECUTIVE, language="en"))

    assert "Enter or correct" not in reader.get(f"/members/{fan.public_id}").text
    assert reader.get(f"/members/{fan.public_id}/profile").status_code == 404
    assert reader.post(f"/members/{fan.public_id}/profile", data={"basis": "x"}).status_code == 404
    assert reader.post(f"/members/{fan.public_id}/guardian/lift", data={"lift-basis": "x"}).status_code == 404


def test_an_age_that_needs_a_guardian_keeps_nothing_when_staff_enter_it(desk: FlaskClient, fan: Member) -> None:
    allow(fan)
    told = {"region": "FJ", "age_band": "under_14", "education": "", "basis": "the mother wrote"}

    desk.post(f"/members/{fan.public_id}/profile", data=told)

    assert values(fan) == {}
    assert guardians.is_awaited(fan.id)
    assert "no guardian is named yet" in desk.get(f"/members/{fan.public_id}").text


def test_staff_see_where_the_guardian_stands_and_lift_it_on_a_basis(desk: FlaskClient, fan: Member) -> None:
    make_asked(fan)
    page = desk.get(f"/members/{fan.public_id}").text
    assert "has not answered yet" in page
    assert "parent@example.net" not in page

    assert desk.post(f"/members/{fan.public_id}/guardian/lift", data={"lift-basis": " "}).status_code == 422
    answer = desk.post(f"/members/{fan.public_id}/guardian/lift", data={"lift-basis": "showed the card"})

    assert answer.status_code == 303
    assert guardians.needed(fan.id) is None


def test_the_audit_log_says_who_entered_and_lifted(app: Flask, desk: FlaskClient, fan: Member) -> None:
    allow(fan)
    desk.post(
        f"/members/{fan.public_id}/profile", data={"region": "FJ", "age_band": "", "education": "", "basis": "phone"}
    )
    chief = app.test_client()
    sign_in(chief, make_staff(Role.ADMINISTRATOR, language="en"))

    page = chief.get("/admin/audit").text

    assert "Entered into the profile of 小满: Region" in page
    acts = db.session.scalars(select(Event.kind).where(Event.actor_id.is_not(None), Event.member_id == fan.id)).all()
    assert acts == ["member.profile_entered"]


def test_only_who_allows_it_is_counted_and_few_are_not_told_apart(desk: FlaskClient, fan: Member, at: datetime) -> None:
    crowd = [make_fan(f"茶友{number}") for number in range(9)]
    for number, one in enumerate(crowd):
        allow(one, Purpose.PROFILE, Purpose.STATISTICS)
        tell(one, region="ZJ" if number < 6 else "FJ")
    allow(fan)
    tell(fan, region="ZJ")

    region = counting.counted()[0]
    assert (region.field, region.answered) == (Field.REGION, 9)
    assert [(group.words, group.number) for group in region.groups] == [
        (region.groups[0].words, 6), (region.groups[1].words, None),
    ]  # fmt: skip
    page = desk.get("/members/numbers").text
    assert "9 fans have answered" in page
    assert "Too few answers yet" in page
    assert "fewer than 5" in desk.get("/members/numbers.csv", buffered=True).text

    for one in crowd[:5]:
        allowing.withdraw(one.id, Purpose.STATISTICS, Way.PROFILE_PAGE, NOON)
    assert counting.counted()[0].answered is None


def test_the_numbers_are_for_staff(phone: FlaskClient, client: FlaskClient) -> None:
    assert phone.get("/members/numbers").status_code == 404
    assert phone.get("/members/numbers.csv").status_code == 404
    assert client.get("/members/numbers").status_code == 303
