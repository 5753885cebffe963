"""Profiles in a real browser: one click either way, a child who waits, and pages that everybody can use."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from commons.db import db
from commons.permissions import Role
from community.members.models import Member
from community.members.profiles import asking, guardians
from tests.community.members.profiles.factories import PARENT, allow, tell
from tests.factories import PASSWORD, make_fan, make_staff
from tests.servers.axe import violations
from tests.servers.browser import LAPTOP, PHONE, Windows, come_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]


@pytest.fixture
def fan(beside: Flask) -> Member:
    made = make_fan("小满")
    db.session.commit()
    return made


def signed_in(windows: Windows, fan: Member, **looks: object) -> Page:
    assert fan.user is not None
    address = fan.user.email
    db.session.commit()
    page = windows.open(**{"size": PHONE, "language": "en-GB", **looks})  # type: ignore[arg-type]
    return come_in(page, address, PASSWORD)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_a_fan_allows_tells_and_withdraws_by_keyboard_and_keeps_the_place(windows: Windows, fan: Member) -> None:
    page = signed_in(windows, fan)
    page.goto("/me/profile")
    page.locator("#act-statistics").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#allow-statistics .pill")).to_have_text("allowed")
    expect(page.locator("#act-statistics")).to_be_focused()

    page.get_by_role("button", name="Allow, and fill it in").click()
    page.select_option("[name=region]", "ZJ")
    page.check("[name=interest][value=tea]")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".record")).to_contain_text("Zhejiang")
    assert violations(page) == []
    assert fits(page)

    page.locator("#act-profile").click()
    expect(page.locator("#profile")).to_contain_text("It is kept only with your consent.")
    expect(page.locator(".record")).to_have_count(0)
    assert violations(page) == []


@pytest.mark.parametrize(("size", "language", "scheme"), [(PHONE, "zh-CN", "dark"), (LAPTOP, "en-GB", "light")])
def test_a_child_names_a_guardian_who_agrees_without_an_account(
    windows: Windows, fan: Member, size: tuple[int, int], language: str, scheme: str
) -> None:
    allow(fan)
    page = signed_in(windows, fan, size=size, language=language, color_scheme=scheme)
    page.goto("/me/profile")
    page.select_option("[name=age_band]", "under_14")
    page.locator("form[action='/me/profile'] button").click()
    page.fill("[name=guardian-email]", PARENT)
    page.locator("form[action='/me/profile/guardian'] button").click()
    expect(page.locator("#guardian")).to_contain_text("p…t@example.net")
    assert violations(page) == []
    assert fits(page)

    guardianship = guardians.needed(fan.id)
    assert guardianship is not None
    token = asking.token_of(guardianship)
    db.session.commit()
    parent = windows.open(size=size, language=language, color_scheme=scheme)
    parent.goto(f"/guardians/{token}")
    assert violations(parent) == []
    assert fits(parent)
    parent.check("[name=purposes][value=profile]")
    parent.locator("button[value=agree]").click()
    expect(parent.locator(".pill-good")).to_be_visible()
    assert violations(parent) == []

    page.reload()
    expect(page.locator("[name=region]")).to_be_visible()


@pytest.mark.parametrize(("size", "language", "scheme"), [(PHONE, "en-GB", "light"), (LAPTOP, "zh-CN", "dark")])
def test_staff_see_and_enter_on_a_laptop_and_on_a_phone(
    windows: Windows, fan: Member, size: tuple[int, int], language: str, scheme: str
) -> None:
    allow(fan)
    tell(fan, region="ZJ", interest=["tea", "music"])
    agent, fan_id = make_staff(Role.SERVICE_AGENT, "何田").email, fan.public_id
    db.session.commit()
    page = come_in(windows.open(size=size, language=language, color_scheme=scheme), agent, PASSWORD)
    page.goto(f"/members/{fan_id}")
    assert violations(page) == []
    assert fits(page)

    page.locator("#fan-profile .card-action").click()
    page.select_option("[name=region]", "FJ")
    page.fill("[name=basis]", "said so on the phone")
    assert violations(page) == []
    assert fits(page)
    page.locator("form[action$='/profile'] button").click()
    expect(page.locator("#fan-profile")).to_contain_text(re.compile("said so on the phone"))
