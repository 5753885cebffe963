"""The receipt in a real browser: read by axe, and printed from a dark screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from campaigns.publishing import scheduling
from campaigns.publishing.models import Attempt, Delivery
from commons import clock, jobs
from commons.db import db
from commons.zones import to_local
from community.channels.accounts import circle_account
from tests.campaigns.posts.factories import make_post, with_pictures
from tests.factories import PASSWORD, make_staff
from tests.servers.axe import violations
from tests.servers.browser import PHONE, Windows, come_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

LONG_ANSWER = "HTTP 200 " + "ok " * 40


@pytest.fixture
def delivery(beside: Flask) -> Delivery:
    """A post with a picture that is out, and the long answer to it."""
    author, at = make_staff(name="阿岚"), clock.now()
    post = with_pictures(make_post(author, text="第一泡"), "一杯茶")
    made = scheduling.schedule(post, circle_account(), to_local(at, "UTC"), "UTC", by=author, at=at)
    jobs.drain(at + timedelta(seconds=61))
    db.session.query(Attempt).filter_by(delivery_id=made.id).one().answer = LONG_ANSWER
    db.session.commit()
    return made


def opened(windows: Windows, delivery: Delivery, **options: object) -> Page:
    author = delivery.post.author
    page = come_in(windows.open(language="en-GB", color_scheme="dark", **options), author.email, PASSWORD)  # type: ignore[arg-type]
    page.goto(f"{delivery.url}/receipt")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    return page


def test_the_receipt_is_read_by_everybody(windows: Windows, delivery: Delivery) -> None:
    for size in (PHONE, (1280, 800)):
        assert violations(opened(windows, delivery, size=size)) == []


def test_on_paper_it_is_dark_on_white_whole_and_without_buttons(windows: Windows, delivery: Delivery) -> None:
    page = opened(windows, delivery)
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    expect(page.locator("pre", has_text="HTTP 200")).to_be_visible()
    digest = delivery.post.pictures[0].picture.sha256
    assert page.get_by_text(digest).evaluate("one => one.scrollWidth <= one.clientWidth")
