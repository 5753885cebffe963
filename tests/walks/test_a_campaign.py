"""A campaign of each kind, in the browser from the template to the lessons: planned, launched, taken part in, ended, looked back on."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from commons import clock, zones
from tests.servers.browser import LAPTOP, PHONE, Windows
from tests.walks.conftest import come_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CAMPAIGNS = [
    pytest.param("photo_call", "fan41", PHONE, "zh-CN", id="content"),
    pytest.param("meeting", "fan42", LAPTOP, "en-GB", id="community"),
    pytest.param("new_product", "fan43", LAPTOP, "zh-CN", id="product"),
]


@pytest.mark.parametrize(("template", "login", "size", "language"), CAMPAIGNS)
def test_from_a_template_to_the_lessons(
    windows: Windows, template: str, login: str, size: tuple[int, int], language: str
) -> None:
    desk = come_in(windows.open(size=size, language=language), "zhouyan")
    title = f"{template} {clock.now():%H%M%S}"

    campaign = plan(desk, template, title)
    launch(desk, campaign)
    words = f"{title}：说说你的第一泡。"
    publish(desk, campaign, words)

    desk.goto(f"/control/{campaign}")
    participants = desk.locator("#control-live .stat-value").first
    expect(participants).to_have_text("0")
    fan = come_in(windows.open(size=PHONE, language=language), login)
    answer(fan, words, "头一泡总是最急的。")
    expect(participants).to_have_text("1", timeout=4_000)

    end_early(desk, campaign)
    look_back(desk, campaign)


def plan(desk: Page, template: str, title: str) -> str:
    """Make a draft out of a template that begins now; its public id."""
    desk.goto(f"/planning/new?template={template}")
    desk.fill("[name=title]", title)
    desk.fill("[name=starts]", typed(clock.now()))
    desk.fill("[name=ends]", typed(clock.now() + timedelta(days=30)))
    desk.click("main form[method=post] button.btn-primary")
    expect(desk.locator("h1")).to_contain_text(title)
    found = re.search(r"/planning/(\w+)", desk.url)
    assert found is not None
    for section in ("goals", "phases", "tasks", "risks"):
        desk.goto(f"/planning/{found[1]}/{section}")
        assert desk.locator("main .empty-state").count() == 0, f"the template fills in {section}"
    return found[1]


def launch(desk: Page, campaign: str) -> None:
    desk.goto(f"/planning/{campaign}/launch")
    desk.click(f"form[action$='/planning/{campaign}/launch'] button")
    expect(desk.locator(".campaign-facts .pill").first).to_have_text(re.compile("进行中|Under way|Running"))


def publish(desk: Page, campaign: str, words: str) -> None:
    """Write a post for the campaign and let it go out now."""
    desk.goto(f"/posts/new?campaign={campaign}")
    desk.fill("#composer [name=text]", words)
    expect(desk.locator("[data-autosave-state]")).to_have_attribute("data-state", "saved", timeout=15_000)
    desk.click("#delivery [data-confirm] summary")
    desk.click("[formaction$='/now']")


def answer(fan: Page, words: str, said: str) -> None:
    """Find the post in the circle and answer it."""
    fan.goto("/circle")
    post = fan.locator("article", has_text=words)
    expect(post).to_be_visible(timeout=20_000)
    address = post.locator(".post-when a").get_attribute("href")
    assert address is not None
    fan.goto(address)
    fan.fill("#text-new", said)
    fan.click("#send-new")
    expect(fan.locator("#threads", has_text=said)).to_be_visible()


def end_early(desk: Page, campaign: str) -> None:
    desk.goto(f"/planning/{campaign}")
    ending = desk.locator("[data-confirm]", has=desk.locator("form[action$='/end-early']"))
    ending.locator("summary").click()
    desk.locator("form[action$='/end-early'] button[type=submit]").last.click()
    expect(desk.locator(".campaign-facts").first).to_have_text(re.compile("已结束|Ended|Over"))


def look_back(desk: Page, campaign: str) -> None:
    """Write a lesson and a decision, and take the numbers along."""
    desk.goto(f"/debrief/{campaign}")
    expect(desk.locator("main")).to_contain_text("1")
    desk.fill("[name=lesson]", "第一天的问题要短。")
    desk.click("form[action$='/lessons'] button, #lessons form button")
    expect(desk.locator("#lessons")).to_contain_text("第一天的问题要短。")
    desk.fill("[name=decision]", "下次先请五位老茶客开头。")
    desk.click("#next-time form.review-form button")
    expect(desk.locator("#next-time")).to_contain_text("下次先请五位老茶客开头。")
    for link in desk.locator("a[href*='/debrief/'][href$='.csv'], a[href*='/debrief/'][href$='.xlsx']").all():
        address = link.get_attribute("href")
        assert address is not None
        assert desk.request.get(address).status == 200


def typed(moment: datetime) -> str:
    """A moment as the field takes it, in the zone of the tea house."""
    return zones.to_local(moment, "Asia/Shanghai").strftime("%Y-%m-%dT%H:%M")
