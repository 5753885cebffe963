"""Taking part in a real browser: what a fan does is on the lead's screen within two seconds; missions are put in order."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from campaigns.participation.scanning import codes, scanning
from campaigns.participation.scanning.models import Sort
from campaigns.participation.scanning.scanning import WantedPlace
from campaigns.planning.models import Campaign, MissionKind
from commons import clock
from commons.db import db
from commons.permissions import Role
from community.reviews import standard
from tests.campaigns.factories import a_lead, make_campaign, make_plan, mission
from tests.factories import PASSWORD, make_fan, make_staff
from tests.servers.browser import LAPTOP, PHONE, Windows, come_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

TWO_SECONDS = 2_000  # milliseconds


def signed_in(windows: Windows, email: str | None, **how: object) -> Page:
    return come_in(windows.open(language="en", **how), email, PASSWORD)  # type: ignore[arg-type]


@pytest.fixture
def campaign(beside: Flask) -> Campaign:
    question = {
        "question": "哪一棵？",
        "question_en": "Which tree?",
        "choices": "桂花 | Osmanthus\n柚子 | Pomelo",
        "right": "2",
    }
    work = {"picture": False, "most": 1}
    made = make_campaign(
        mission(MissionKind.ANSWER, settings=question),
        mission(MissionKind.SCAN),
        mission(MissionKind.SUBMIT, settings=work),
    )
    standard.prepare(clock.now())
    db.session.commit()
    return made


def test_what_a_fan_does_is_on_the_leads_screen_within_two_seconds(
    windows: Windows, beside: Flask, campaign: Campaign
) -> None:
    place = scanning.add_place(campaign.missions[1], WantedPlace("店门口", Sort.FIXED), by=a_lead(), at=clock.now())
    code = f"/participation/at/{place.public_id}/{codes.shown(place, clock.now())}"
    asked, key = f"/participation/missions/{campaign.missions[0].public_id}", campaign.public_id
    lead, fan = make_staff(Role.CAMPAIGN_LEAD, "周澜"), make_fan("小满")
    assert fan.user is not None
    emails = lead.email, fan.user.email
    db.session.commit()
    board = signed_in(windows, emails[0], size=LAPTOP)
    phone = signed_in(windows, emails[1], size=PHONE)
    board.goto(f"/control/{key}")
    numbers = board.locator("#control-live .stat-value")
    expect(numbers.first).to_have_text("0")

    phone.goto(asked)
    phone.get_by_label("Pomelo").check()
    phone.get_by_role("button", name="Send answer").click()
    expect(numbers.first).to_have_text("1", timeout=TWO_SECONDS)
    expect(board.locator("#control-live")).to_contain_text("小满")

    phone.goto(code)
    phone.get_by_role("button", name="I am here").click()
    expect(numbers.nth(3)).to_have_text("2", timeout=TWO_SECONDS)

    phone.goto(f"/participation/missions/{campaign.missions[2].public_id}")
    phone.get_by_label("What you want to say").fill("窗边的一张小桌。")
    phone.get_by_role("button", name="Hand in").click()
    expect(board.locator("#control-live .stat", has_text="Waits for your decision")).to_contain_text(
        "1", timeout=TWO_SECONDS
    )


def test_missions_are_put_in_order_by_dragging_and_by_buttons(windows: Windows, beside: Flask) -> None:
    plan = make_plan(*(mission(kind) for kind in (MissionKind.COMMENT, MissionKind.SHARE, MissionKind.CHECK_IN)))
    lead, key = make_staff(Role.CAMPAIGN_LEAD, "周澜").email, plan.public_id
    db.session.commit()
    desk = signed_in(windows, lead, size=LAPTOP)
    desk.goto(f"/planning/{key}/missions")
    titles = desk.locator("#missions .mission-title")
    expect(titles).to_have_text(["comment × 1", "share × 1", "check_in × 1"])

    desk.locator(".mission-row").nth(2).locator("[data-handle]").drag_to(desk.locator(".mission-row").first)
    expect(titles).to_have_text(["check_in × 1", "comment × 1", "share × 1"])

    desk.locator(".mission-row").first.get_by_role("button", name="Move down").click()
    expect(titles).to_have_text(["comment × 1", "check_in × 1", "share × 1"])
    desk.reload()
    expect(titles).to_have_text(["comment × 1", "check_in × 1", "share × 1"])


def test_a_mission_is_added_without_scripts(windows: Windows, beside: Flask) -> None:
    key = make_plan(mission(MissionKind.COMMENT)).public_id
    lead = make_staff(Role.CAMPAIGN_LEAD, "周澜").email
    db.session.commit()
    desk = signed_in(windows, lead, size=PHONE, java_script_enabled=False)
    desk.goto(f"/planning/{key}/missions")
    desk.click(f"a[href='/planning/{key}/missions/new/submit']")
    desk.fill("[name=title_en]", "Show us your table")
    desk.click("main form button.btn-primary")

    expect(desk.locator("#missions")).to_contain_text("Show us your table")
