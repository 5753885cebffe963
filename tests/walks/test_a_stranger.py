"""From a stranger who writes on Weibo to a fan of the third level, with every why opened on the way."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from commons import clock, zones
from commons.db import db
from community.channels.accounts import connect
from community.inbox.incoming import Incoming
from community.inbox.models import InteractionKind
from community.inbox.receiving import receive
from tests.community.channels.weibo_server import APP_KEY, APP_SECRET, WeiboServer
from tests.factories import make_circle_post
from tests.servers.browser import PHONE, Windows
from tests.servers.databases import Databases
from tests.servers.live import Live
from tests.walks.conftest import number

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

UID, NAME = "1404376560", "喝茶的小满"
SHANGHAI = "Asia/Shanghai"
DAYS, A_DAY = 13, 3
BY_A_RULE = re.compile(r"rule “.+”, version \d+")


@pytest.fixture(scope="module")
def weibo() -> Iterator[WeiboServer]:
    with WeiboServer() as server:
        server.uid, server.screen_name = UID, NAME
        yield server


@pytest.fixture(scope="module")
def house(
    databases: Databases, environ: Mapping[str, str], weibo: WeiboServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """An empty circle that people may join with Weibo."""
    live = Live(environ, databases.fresh(), tmp_path_factory.mktemp("house"))
    live.settings |= {"WEIBO_APP_KEY": APP_KEY, "WEIBO_APP_SECRET": APP_SECRET, "WEIBO_API": weibo.url}
    live.settings["OUTBOUND_ALLOW"] = f"127.0.0.1:{weibo.port}"
    yield live.start("web", "tick", "worker-default")
    live.stop()


def test_a_stranger_on_weibo_becomes_a_fan_of_the_third_level(beside: Flask, windows: Windows) -> None:
    now = clock.now()
    write_on_weibo(now)
    make_circle_post("今天的第一泡茶。")
    db.session.commit()
    fan = windows.open(size=PHONE, language="en-GB")

    come_in_with_weibo(fan)
    fan.goto("/circle/me")
    growth = DAYS * A_DAY * 5
    assert number(fan, "#growth") == growth
    expect(fan.locator("#standing-name")).to_have_text("Regular")
    expect(fan.locator("#level")).to_contain_text("by growth")
    expect(fan.locator("#level")).to_contain_text(f"{200 - growth} growth points")
    open_the_why_of_the_level(fan, took=50)
    assert explained(fan) == DAYS * A_DAY
    open_the_why_of_each_number(fan)
    open_the_why_of_place_badges_and_points(fan)

    fan.goto("/me/handles")
    expect(fan.locator("main")).to_contain_text(f"Weibo {NAME}")
    expect(fan.locator("main")).to_contain_text("Proven by signing in there")

    fan.goto("/circle/me")
    fan.click("#check-in form button")
    expect(fan.locator("#growth")).to_have_text(str(growth + 2))
    say_something(fan)
    fan.goto("/circle/me")
    expect(fan.locator("#standing-name")).to_have_text("Insider")
    assert number(fan, "#growth") == growth + 2 + 5
    open_the_why_of_the_level(fan, took=200)
    step = fan.locator("#reasons .fact", has_text="Insider")
    expect(step).to_contain_text("Comment")
    expect(step.locator(".fact-why").first).to_have_text(BY_A_RULE)
    open_the_why_of_each_number(fan)
    read_what_was_told(fan, "Insider")


def write_on_weibo(now: datetime) -> None:
    """Three comments a day for two weeks, at no hours in particular, by somebody nobody knows."""
    account, chance = connect("weibo", "2489518277", "@茶馆", now), random.Random(7)
    today = zones.day_of(now, SHANGHAI)
    batch = []
    for day in range(1, DAYS + 1):
        morning, _end = zones.day_bounds(today - timedelta(days=day), SHANGHAI)
        for place, hour in enumerate(sorted(chance.sample(range(7, 23), A_DAY))):
            moment = morning + timedelta(hours=hour, seconds=chance.randrange(3600))
            words = f"第{day}天第{place + 1}泡，{chance.choice(('香', '淡了些', '回甘', '续杯'))}"
            batch.append(Incoming(f"w{day}-{place}", InteractionKind.COMMENT, UID, NAME, moment, words))
    receive(account, batch, now)


def come_in_with_weibo(fan: Page) -> None:
    fan.goto("/accounts/sign-in")
    fan.get_by_role("button", name=re.compile("Weibo")).click()
    fan.get_by_role("link", name="授权").click()
    fan.wait_for_url("**/circle**")


def explained(fan: Page) -> int:
    """Open the whole history; how many lines brought something, each with its why."""
    count = 0
    while True:
        paid = fan.locator("#reasons .fact:not(.is-unpaid)")
        for line in paid.all():
            expect(line.locator(".fact-why").first).to_have_text(BY_A_RULE)
        count += paid.count()
        older = fan.locator("#reasons .pager-older")
        if not older.count():
            return count
        fan.goto(str(older.get_attribute("href")))


def open_the_why_of_the_level(fan: Page, took: int) -> None:
    """What the level took, and, opened, how levels are kept."""
    level = fan.locator("#level")
    expect(level).to_contain_text(f"It took {took} growth points")
    expect(level.locator(".disclosure p").first).to_be_hidden()
    level.locator("summary").click()
    for words in level.locator(".disclosure p").all():
        expect(words).to_be_visible()


def open_the_why_of_each_number(fan: Page) -> None:
    """Each number at the head leads to what explains it."""
    fan.goto("/circle/me")
    numbers = fan.locator(".standing-numbers a")
    assert numbers.count() >= 3
    for number_link in numbers.all():
        answer = str(number_link.get_attribute("href"))
        number_link.click()
        expect(fan.locator(answer)).to_be_in_viewport()


def open_the_why_of_place_badges_and_points(fan: Page) -> None:
    expect(fan.locator("#places")).to_contain_text("Place 1 of 1")
    fan.click("#places .card-action")
    fan.get_by_role("link", name="All time").click()  # the week may have begun a moment ago
    expect(fan.locator("#mine")).to_contain_text("Nobody stands ahead of you.")
    fan.click("#mine a[href$='#reasons']")
    expect(fan.locator("#reasons")).to_be_in_viewport()

    fan.goto("/circle/me/badges")
    badges = fan.locator(".badge-card")
    assert badges.count() > 0
    for why in fan.locator(".badge-card summary").all():
        why.click()
    for words in fan.locator(".badge-card .disclosure p").all():
        expect(words).to_be_visible()

    fan.goto("/me/points")
    expect(fan.locator("#ways")).to_contain_text("Comment")
    expect(fan.locator("main")).to_contain_text(f"{DAYS * A_DAY * 5} points")


def read_what_was_told(fan: Page, level: str) -> None:
    """The step came with a notice, and the notice leads to the level and its why."""
    fan.goto("/me/notices")
    fan.locator(".told", has_text=level).first.get_by_role("link", name="Go there").click()
    expect(fan.locator("#level")).to_be_in_viewport()


def say_something(fan: Page) -> None:
    fan.goto("/circle")
    address = fan.locator(".post .post-when a").first.get_attribute("href")
    assert address is not None
    fan.goto(address)
    fan.fill("#text-new", "终于见到你们了。")
    fan.click("#send-new")
    expect(fan.locator("#threads", has_text="终于见到你们了。")).to_be_visible()
