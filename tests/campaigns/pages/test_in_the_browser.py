"""The editor in a real browser: by mouse, by keyboard, and what the phone beside it shows."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from campaigns.planning.models import Campaign
from commons.db import db
from tests.campaigns.factories import make_campaign
from tests.campaigns.pages.factories import a_page, writer
from tests.factories import PASSWORD
from tests.servers.browser import Windows, come_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]


@pytest.fixture
def campaign(beside: Flask) -> Campaign:
    """hero, text0, text1, text2."""
    made = make_campaign()
    a_page(made, "一", "二", "三")
    db.session.commit()
    return made


@pytest.fixture
def editor(windows: Windows, campaign: Campaign) -> Page:
    address, lead = f"/pages/{campaign.public_id}", writer().email
    db.session.commit()
    page = come_in(windows.open(language="en"), lead, PASSWORD)
    page.goto(address)
    return page


def expect_order(page: Page, *ids: str) -> None:
    expect(page.locator("[data-block]")).to_have_count(len(ids))
    for place, wanted in enumerate(ids):
        expect(page.locator("[data-block]").nth(place)).to_have_id(f"block-{wanted}")


def test_a_block_is_moved_by_keyboard_and_keeps_the_focus(editor: Page) -> None:
    editor.locator("#edit-text0").focus()
    editor.keyboard.press("Alt+ArrowDown")
    expect_order(editor, "hero", "text1", "text0", "text2")
    expect(editor.locator("#down-text0")).to_be_focused()
    editor.locator("#page-undo").click()
    expect_order(editor, "hero", "text0", "text1", "text2")


def test_a_block_is_dragged_to_another_place(editor: Page) -> None:
    handle = editor.locator("#block-text1 [data-handle]")
    expect(handle).to_be_visible()
    editor.wait_for_load_state("networkidle")  # what makes blocks draggable is fetched
    start, end = handle.bounding_box(), editor.locator("#block-text0 [data-handle]").bounding_box()
    assert start is not None
    assert end is not None
    editor.mouse.move(start["x"] + 8, start["y"] + 8)
    editor.mouse.down()
    editor.mouse.move(start["x"] + 8, start["y"] - 20, steps=5)
    editor.mouse.move(end["x"] + 8, end["y"] + 2, steps=10)
    editor.mouse.up()
    expect_order(editor, "hero", "text1", "text0", "text2")


def test_what_was_removed_is_brought_back(editor: Page) -> None:
    editor.locator("#block-text1").get_by_role("button", name="Remove").click()
    expect_order(editor, "hero", "text0", "text2")
    expect(editor.get_by_role("status").filter(has_text="A block was removed.")).to_be_visible()
    editor.locator("#page-undo").click()
    expect_order(editor, "hero", "text0", "text1", "text2")


def test_a_block_is_written_in_its_place_and_the_phone_shows_it(editor: Page) -> None:
    editor.locator("#edit-text0").click()
    editor.locator("#form-text0").get_by_label("Text in English").fill("A cup of tea")
    editor.locator("#form-text0").get_by_role("button", name="Save").click()
    expect(editor.locator("#block-text0")).to_contain_text("A cup of tea")
    expect(editor.locator("#form-text0")).to_have_count(0)
    phone = editor.frame_locator("iframe.page-frame")
    expect(phone.locator("body")).to_contain_text("A cup of tea")
    expect(phone.get_by_role("heading", level=1)).to_have_text("A table for one")
