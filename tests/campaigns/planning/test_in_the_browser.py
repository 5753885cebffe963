"""The plan page in a real browser: parts are added and changed in their place, by keys, with and without scripts."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from campaigns.planning.models import Campaign
from commons.db import db
from commons.permissions import Role
from tests.campaigns.factories import a_lead
from tests.campaigns.planning.factories import a_line, a_plan
from tests.factories import PASSWORD, make_staff
from tests.servers.axe import violations
from tests.servers.browser import LAPTOP, PHONE, Windows, come_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]


@pytest.fixture
def plan(beside: Flask) -> Campaign:
    made = a_plan(a_lead())
    db.session.commit()
    return made


def a_leads(windows: Windows, **how: object) -> Page:
    lead = make_staff(Role.CAMPAIGN_LEAD, "周澜")
    address = lead.email
    db.session.commit()  # after the last read: an open transaction would hold the server up
    return come_in(windows.open(language="en", **how), address, PASSWORD)  # type: ignore[arg-type]


def typed(page: Page, title: str, planned: str) -> None:
    page.fill("[name=title]", title)
    page.fill("[name=planned]", planned)
    page.locator("#plan-section form [name=spent]").press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["htmx", "no script"])
@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_line_is_added_changed_and_removed(
    windows: Windows, plan: Campaign, scripts: bool, size: tuple[int, int]
) -> None:
    address = f"/planning/{plan.public_id}/budget"
    page = a_leads(windows, size=size, java_script_enabled=scripts)
    page.goto(address)
    typed(page, "茶点", "120")
    row = page.locator("#plan-section tbody tr", has_text="茶点")
    expect(row).to_contain_text("120.00")

    row.get_by_role("link", name="Change “茶点”").click()
    expect(page.locator("[name=planned]")).to_have_value("120.00")
    page.fill("[name=spent]", "150")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#plan-section")).to_contain_text("Over budget")
    assert not scripts or violations(page) == []  # axe is a script itself

    row.get_by_role("link", name="Change “茶点”").click()
    page.locator("summary", has_text="Remove").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("#plan-section")).to_contain_text("No budget yet")


def test_two_people_at_one_line_are_told_of_each_other(windows: Windows, beside: Flask, plan: Campaign) -> None:
    line = a_line(plan, title="茶点")
    address = f"/planning/{plan.public_id}/budget/{line.public_id}"
    db.session.commit()
    slow, quick = a_leads(windows), a_leads(windows)
    slow.goto(address)
    quick.goto(address)
    quick.fill("[name=planned]", "300")
    quick.get_by_role("button", name="Save").click()
    expect(quick.locator("#plan-section tbody")).to_contain_text("300.00")

    slow.fill("[name=title]", "茶和点心")
    slow.get_by_role("button", name="Save").click()
    expect(slow.locator(".notice-bad")).to_contain_text("100.00 CNY → 300.00 CNY")
    expect(slow.locator("[name=title]")).to_have_value("茶和点心")
    slow.get_by_role("button", name="Save").click()
    expect(slow.locator("#plan-section tbody")).to_contain_text("茶和点心")
    slow.reload()
    expect(slow.locator("[name=title]")).to_have_value("茶和点心")
