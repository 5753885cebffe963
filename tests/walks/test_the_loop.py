"""The whole loop, walked as each of the three users would: on a laptop and on a phone, in Chinese and in English."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from commons import clock, zones
from tests.servers.browser import LAPTOP, PHONE, Windows
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
    desk.click("#delivery [formaction*='/publish-now']")

    expect(fan.locator(".post-text", has_text=words)).to_be_visible(timeout=20_000)
    desk.reload()
    expect(desk.locator("#delivery .pill, .delivery .pill").first).to_have_text(re.compile("已发布|Published"))


@pytest.mark.parametrize(("size", "language"), WAYS)
def test_a_fan_checks_in_answers_shares_and_joins_and_sees_points_move(
    windows: Windows, size: tuple[int, int], language: str
) -> None:
    login = "fan31" if size == PHONE else "fan32"
    fan = come_in(windows.open(size=size, language=language), login)
    fan.goto("/circle/me")
    points = number(fan, "#points")

    if fan.locator("#check-in form button").count():
        fan.click("#check-in form button")
        expect(fan.locator("#check-in.is-done")).to_be_visible()

    fan.goto("/circle")
    post = fan.locator(".post").first
    address = post.locator(".post-when a").get_attribute("href")
    assert address is not None
    fan.goto(address)
    fan.fill("#text-new", f"我也想要那把椅子。{language}")
    fan.click("#send-new")
    expect(fan.locator("#threads", has_text=f"我也想要那把椅子。{language}")).to_be_visible()

    fan.locator("form[action$='/share'] button").first.click()
    shared = fan.locator(".share-address").first
    expect(shared).to_be_visible()
    link = shared.input_value()
    friend = windows.open(size=PHONE, language=language, user_agent="Mozilla/5.0 (iPhone) Safari/605 friend")
    friend.goto(link)
    expect(friend).to_have_url(re.compile(re.escape(address)))

    fan.goto("/groupbuys")
    fan.locator(".offer-title a").first.click()
    fan.click("form[action$='/join'] button")
    expect(fan.locator("#group-buy-progress .offer-mine")).to_be_visible()

    fan.goto("/circle/me")
    expect(fan.locator("#points")).not_to_have_text(str(points))
    assert number(fan, "#points") >= points + 5 + 1 + 10
    expect(fan.locator("#today")).to_be_visible()
    fan.wait_for_function("was => +document.querySelector('#points').innerText.replace(/\\D/g, '') > was",
                          arg=points + 16, timeout=20_000)  # fmt: skip


def test_a_campaign_lead_sees_a_fan_take_part_within_seconds(windows: Windows) -> None:
    lead = come_in(windows.open(), "xuqiao")
    lead.goto("/planning")
    lead.get_by_role("link", name="冷泡壶上新").first.click()
    facts = lead.locator("#campaign-live .stat-value").nth(3)
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
