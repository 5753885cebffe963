"""The whole loop, walked as each of the three users would: on a laptop and on a phone, in Chinese and in English."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from commons import clock, zones
from tests.servers.browser import LAPTOP, PHONE, Windows
from tests.servers.processes import await_true
from tests.servers.smtp import Smtp
from tests.walks.conftest import come_in, number

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WAYS = [
    pytest.param(PHONE, "zh-CN", id="phone-zh"),
    pytest.param(LAPTOP, "en-GB", id="laptop-en"),
]


@pytest.mark.parametrize(("size", "language"), WAYS)
def test_a_social_manager_writes_schedules_moves_cancels_and_publishes(
    windows: Windows, size: tuple[int, int], language: str
) -> None:
    desk = come_in(windows.open(size=size, language=language), "linxia")
    fan = windows.open(size=PHONE, language=language)
    fan.goto("/circle")

    desk.goto("/posts/new")
    words = f"窗边多放了一把椅子。{language}"
    desk.fill("#composer [name=text]", words)
    expect(desk.locator("[data-autosave-state]")).to_have_attribute("data-state", "saved", timeout=15_000)
    schedule(desk, hours=30)
    expect(desk.locator("#delivery .pill").first).to_have_text(re.compile("已排期|已定时|Scheduled"))
    schedule(desk, hours=54)
    desk.click("#delivery form[action*='/cancel'] button")
    expect(desk.locator("#delivery .pill").first).to_have_text(re.compile("已取消|Cancelled"))
    desk.click("#delivery form[action*='/take-back'] button")
    desk.click("#delivery [data-confirm] summary")
    desk.click("[formaction$='/now']")

    expect(fan.locator(".post-text", has_text=words)).to_be_visible(timeout=20_000)
    expect(desk.locator("main")).to_contain_text(re.compile("已发布|Published"), timeout=20_000)


@pytest.mark.parametrize(("size", "language"), WAYS)
def test_a_new_fan_signs_up_checks_in_answers_shares_and_joins_and_sees_points_move(
    windows: Windows, smtp: Smtp, size: tuple[int, int], language: str
) -> None:
    fan = windows.open(size=size, language=language)
    become_a_fan(fan, smtp, f"new-{language.lower()}@example.org")
    fan.goto("/circle/me")
    assert number(fan, "#points") == 0

    fan.click("#check-in form button")
    expect(fan.locator("#check-in.is-done")).to_be_visible()
    expect(fan.locator("#points")).to_have_text("2")

    fan.goto("/circle")
    address = fan.locator(".post .post-when a").first.get_attribute("href")
    assert address is not None
    fan.goto(address)
    fan.fill("#text-new", f"我也想要那把椅子。{language}")
    fan.click("#send-new")
    expect(fan.locator("#threads", has_text=f"我也想要那把椅子。{language}")).to_be_visible()
    fan.locator("form[action$='/share'] button").first.click()
    link = fan.locator(".share-address").first.input_value()

    fan.goto("/circle/me")
    assert number(fan, "#points") == 2 + 5 + 1
    friend = windows.open(size=PHONE, language=language, user_agent=f"Mozilla/5.0 (iPhone) Safari {language}")
    friend.goto(link)
    expect(friend).to_have_url(re.compile(re.escape(address)))
    expect(fan.locator("#points")).to_have_text(str(2 + 5 + 1 + 5), timeout=15_000)

    fan.goto("/circle")
    fan.locator(".post-link a.btn-primary").first.click()
    expect(fan).to_have_url(re.compile("/groupbuys/"), timeout=20_000)
    fan.click("form[action$='/join'] button")
    expect(fan.locator("#group-buy-progress .offer-mine")).to_be_visible()
    fan.goto("/circle/me")
    assert number(fan, "#points") >= 2 + 5 + 1 + 5 + 20  # the mission
    assert number(fan, "#pending") == 10  # for joining, until the group comes about
    expect(fan.locator("#standing-name")).to_be_visible()


def test_a_campaign_lead_sees_a_fan_take_part_within_seconds(windows: Windows) -> None:
    lead = come_in(windows.open(), "xuqiao")
    lead.goto("/planning")
    lead.get_by_role("link", name="冷泡壶上新").first.click()
    facts = lead.locator("#control-live .stat-value").nth(2)
    before = int(re.sub(r"\D", "", facts.inner_text()))
    address = lead.locator("a[href^='/circle/posts/']").first.get_attribute("href")
    assert address is not None

    fan = come_in(windows.open(size=PHONE), "fan40")
    fan.goto(address)
    fan.fill("#text-new", "冰箱门放得下，量过了。")
    fan.click("#send-new")
    expect(fan.locator("#threads", has_text="冰箱门放得下，量过了。")).to_be_visible()

    expect(facts).to_have_text(re.compile(f"{before + 1}|{before + 2}"), timeout=4_000)


def test_the_post_of_the_first_minute_goes_out_by_itself(windows: Windows) -> None:
    visitor = windows.open(size=PHONE)
    visitor.goto("/circle")

    expect(visitor.locator(".post-text", has_text="这条是一分钟前排好的").first).to_be_visible(timeout=90_000)


def schedule(page: Page, hours: int) -> None:
    """Fill in a moment some hours from now, Shanghai time, and schedule."""
    wall_clock = zones.to_local(clock.now() + timedelta(hours=hours), "Asia/Shanghai")
    page.fill("[name=when]", wall_clock.strftime("%Y-%m-%dT%H:%M"))
    with page.expect_navigation():
        page.click("#delivery [formaction*='/schedule']")


def become_a_fan(page: Page, smtp: Smtp, email: str) -> None:
    """Sign up, follow the link in the mail, and come in."""
    page.goto("/accounts/sign-up")
    page.fill("[name=name]", "新来的茶客")
    page.fill("[name=email]", email)
    page.fill("[name=password]", "a good long passphrase")
    page.click("main form button[type=submit]")
    await_true(lambda: bool(smtp.to(email)), "the mail has come", within=20)
    link = re.search(r"https?://\S+/accounts/confirm/\S+", str(smtp.to(email)[-1].get_content()))
    assert link is not None
    page.goto(link[0])
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda address: "/confirm/" not in address and "sign-in" not in address)
