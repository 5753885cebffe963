"""Approving on a phone, in a real browser: the buttons stay under the thumb, and a post of the lane is live at once."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from campaigns.approval.models import ApprovalRequest
from campaigns.lane import running
from commons import clock
from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from community.channels.accounts import circle_account
from tests.campaigns.approval.factories import a_route, an_approver, asked
from tests.factories import PASSWORD, make_staff
from tests.servers.browser import PHONE, Windows, come_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]


def signed_in(windows: Windows, user: User) -> Page:
    return come_in(windows.open(language="en", size=PHONE), user.email, PASSWORD)


def test_a_thumb_approves_takes_back_and_asks_for_changes(windows: Windows, beside: Flask) -> None:
    author, approver = make_staff(), an_approver()
    a_route({"people": [approver.id]})
    request = asked(author, "一句话。\n" * 40)
    public_id = request.public_id
    db.session.commit()

    phone = signed_in(windows, approver)
    phone.goto("/approval")
    phone.get_by_role("link", name="一句话").first.click()
    approve = phone.get_by_role("button", name="Approve", exact=True)
    expect(approve).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    approve.click()
    expect(phone.locator("#main")).to_contain_text("You approved it.")

    phone.get_by_role("button", name="Undo").click()
    phone.get_by_label("Note").fill("Shorter, please.")
    phone.get_by_role("button", name="Ask for changes").click()
    expect(phone.locator(".step-note")).to_contain_text("Shorter, please.")
    db.session.expire_all()
    assert db.session.query(ApprovalRequest).filter_by(public_id=public_id).one().state == "changes_asked"


def test_the_stopwatch_runs_and_one_tap_sets_it_live(windows: Windows, beside: Flask) -> None:
    author, approver = make_staff(), make_staff(Role.APPROVER, "许澄")
    topic = running.see("秋天的第一杯", by=author, at=clock.now())
    idea = running.draw(topic, "我们也来一杯。", [circle_account()], by=author, at=clock.now())
    request = running.send(idea, by=author, at=clock.now())
    topic_url, request_id = topic.url, request.public_id
    db.session.commit()

    watching, phone = signed_in(windows, author), signed_in(windows, approver)
    watching.goto(topic_url)
    watch = watching.locator(".lane-clock .stopwatch")
    before = watch.inner_text()
    expect(watch).not_to_have_text(before)
    phone.goto(f"/approval/{request_id}")
    phone.get_by_role("button", name="Approve", exact=True).click()
    expect(phone.locator("#main")).to_contain_text("Approved")
    expect(watching.locator("#lane-run")).to_contain_text("Going out", timeout=5_000)
