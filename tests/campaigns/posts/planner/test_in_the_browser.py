"""The calendar in a real browser: moved by hand, by key and by dialog, taken back, several at once, read by axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from campaigns.posts.planner import slots
from campaigns.publishing.models import Delivery, DeliveryState
from commons import clock, zones
from commons.accounts.models import User
from commons.db import db
from community.channels.accounts import circle_account
from tests.campaigns.posts.planner.factories import a_campaign, an_account, planned, planned_on
from tests.factories import PASSWORD, make_staff
from tests.servers.axe import violations
from tests.servers.browser import PHONE, Windows, come_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

ZONE = "Asia/Shanghai"

WHOLE_WEEK = (1280, 1500)
"""So tall that all hours stand in it: nothing scrolls away under a hand that drags."""


@pytest.fixture
def staff(beside: Flask) -> User:
    made = make_staff(name="阿岚")
    db.session.commit()
    return made


@pytest.fixture
def tea(staff: User) -> Delivery:
    """A post for two channels, the day after tomorrow at ten; other tests have their own days."""
    return planned_on([circle_account(), an_account()], staff, clock.now(), "两处的茶", _at(2, 10))[0]


@pytest.fixture
def open_calendar(windows: Windows, staff: User) -> Callable[..., Page]:
    """阿岚's window, in English, on the calendar."""

    def signed_in(query: str = "", **options: object) -> Page:
        options.setdefault("size", WHOLE_WEEK)
        db.session.commit()
        page = come_in(windows.open(language="en-GB", **options), staff.email, PASSWORD)  # type: ignore[arg-type]
        page.goto(f"/posts/calendar?{query}")
        return page

    return signed_in


@pytest.fixture(autouse=True)
def clean(beside: Flask) -> None:
    """Every test has the days to itself."""
    for delivery in db.session.query(Delivery):
        delivery.state, delivery.due_at = DeliveryState.DRAFT, None
    db.session.commit()


def _at(days: int, hour: int) -> datetime:
    day = zones.day_of(clock.now(), ZONE) + timedelta(days=days)
    return zones.to_utc(datetime(day.year, day.month, day.day, hour), ZONE)


def _day(days: int) -> str:
    return (zones.day_of(clock.now(), ZONE) + timedelta(days=days)).isoformat()


def _view(days: int = 2) -> str:
    """The week that holds the day, as a query."""
    return f"view=week&day={_day(days)}"


def _stands_at(delivery: Delivery) -> tuple[str | None, ...]:
    """Where the deliveries of the same post stand now."""
    db.session.rollback()
    db.session.expire_all()
    query = db.session.query(Delivery).filter(Delivery.post_id == delivery.post_id).order_by(Delivery.id)
    found = tuple(one.wall_clock for one in query)
    db.session.rollback()
    return found


def _drag(page: Page, text: str, to: str) -> None:
    """By hand, in steps, as a person drags: let go only once the entry is seen to have come along."""
    entry = page.locator("[data-item]", has_text=text)
    expect(entry.locator("a").first).to_have_attribute("draggable", "false")
    entry.hover(position={"x": 30, "y": 8})
    page.mouse.down()
    target = page.locator(to)
    target.scroll_into_view_if_needed()
    target.hover(position={"x": 20, "y": 6}, force=True)
    expect(page.locator(".is-dragging")).to_be_attached()
    target.hover(position={"x": 24, "y": 8}, force=True)
    expect(target).to_contain_text(text)
    page.mouse.up()


def _list(days: int, hour: int | None = None) -> str:
    of_hour = f'[data-hour="{hour}"]' if hour is not None else ""
    return f'ul[data-day="{_day(days)}"]{of_hour}'


def _moves(route: Route) -> bool:
    return route.request.method == "POST"


def _out_of_order(route: Route) -> None:
    route.fulfill(status=503, content_type="text/html", body="<!doctype html><title>503</title>")


def test_dragging_to_another_hour_moves_all_channels_and_undo_puts_them_back(
    open_calendar: Callable[..., Page], tea: Delivery
) -> None:
    page = open_calendar(_view())
    _drag(page, "两处的茶", _list(2, 13))
    expect(page.locator(_list(2, 13))).to_contain_text("两处的茶")
    expect(page.locator("#calendar-told")).to_contain_text("Goes out on")
    assert _stands_at(tea) == (f"{_day(2)}T13:00:00",) * 2
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(_list(2, 10))).to_contain_text("两处的茶")
    assert _stands_at(tea) == (f"{_day(2)}T10:00:00",) * 2


def test_dragging_to_another_day_keeps_the_time_and_a_refused_move_snaps_back(
    open_calendar: Callable[..., Page], staff: User
) -> None:
    first = _at(2, 10)
    delivery = planned(staff, clock.now(), "一条茶", first)
    page = open_calendar(f"month={_day(2)[:7]}", size=(1280, 1700))
    _drag(page, "一条茶", _list(3) if _day(3)[:7] == _day(2)[:7] else _list(1))
    expect(page.locator("#calendar-told")).to_contain_text("Goes out on")
    (moved,) = _stands_at(delivery)
    assert moved is not None
    assert moved.endswith("T10:00:00")
    assert moved[:10] != _day(2)
    past = page.locator("ul[data-day]").first.get_attribute("data-day")
    if past is not None and past < _day(0):
        _drag(page, "一条茶", f'ul[data-day="{past}"]')
        expect(page.locator("#calendar-report")).to_contain_text("That moment has passed")
        expect(page.locator(f'ul[data-day="{moved[:10]}"]')).to_contain_text("一条茶")
        assert _stands_at(delivery) == (moved,)


def test_a_move_that_the_server_did_not_carry_out_goes_back_to_its_place(
    open_calendar: Callable[..., Page], tea: Delivery
) -> None:
    page = open_calendar(_view())
    page.route("**/posts/calendar?*", lambda route: _out_of_order(route) if _moves(route) else route.continue_())
    _drag(page, "两处的茶", _list(2, 13))
    expect(page.locator("#flashes")).to_contain_text("The server did not answer")
    expect(page.locator(_list(2, 10))).to_contain_text("两处的茶")
    expect(page.locator(_list(2, 13))).not_to_contain_text("两处的茶")


def test_keys_move_the_entry_that_has_the_focus_and_keep_the_focus_on_it(
    open_calendar: Callable[..., Page], tea: Delivery
) -> None:
    page = open_calendar(_view())
    page.locator("[data-item] .entry-link", has_text="两处的茶").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(_list(2, 11))).to_contain_text("两处的茶")
    expect(page.locator("[data-item] .entry-link", has_text="两处的茶")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(_list(2, 10))).to_contain_text("两处的茶")
    assert _stands_at(tea) == (f"{_day(2)}T10:00:00",) * 2
    expect(page.locator("#calendar-told")).to_contain_text("10:00")


def test_in_a_list_a_key_moves_an_entry_by_a_day(open_calendar: Callable[..., Page], staff: User) -> None:
    delivery = planned(staff, clock.now(), "一条茶", _at(2, 10))
    page = open_calendar(f"view=list&month={_day(2)[:7]}")
    page.locator("[data-item] .entry-link", has_text="一条茶").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#calendar-told")).to_contain_text("Goes out on")
    assert _stands_at(delivery) == (f"{_day(3)}T10:00:00",)


def test_the_dialog_moves_one_channel_alone(open_calendar: Callable[..., Page], tea: Delivery) -> None:
    page = open_calendar(_view())
    page.locator("[data-item]", has_text="两处的茶").locator(".entry-move").click()
    dialog = page.locator("dialog")
    dialog.locator("input[name=item]").first.uncheck()
    dialog.locator("input[name=when]").fill(f"{_day(2)}T17:30")
    assert violations(page) == []
    dialog.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator(_list(2, 17))).to_contain_text("两处的茶")
    expect(dialog).to_have_count(0)
    assert sorted(filter(None, _stands_at(tea))) == [f"{_day(2)}T10:00:00", f"{_day(2)}T17:30:00"]


def test_several_are_ticked_and_moved_with_one_report(
    open_calendar: Callable[..., Page], staff: User, tea: Delivery
) -> None:
    other = planned(staff, clock.now(), "另一条", _at(2, 15))
    page = open_calendar(f"view=day&day={_day(2)}&select=1")
    page.get_by_role("button", name="Select all shown").click()
    expect(page.locator("[data-selected]")).to_have_text("2 selected")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator("#calendar-report")).to_contain_text("2 posts were changed")
    assert (_stands_at(tea), _stands_at(other)) == ((f"{_day(3)}T10:00:00",) * 2, (f"{_day(3)}T15:00:00",))
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(_list(2, 15))).to_contain_text("另一条")
    page.locator(".entry-tick").first.check()
    page.get_by_role("button", name="Cancel posts").click()
    expect(page.locator("#calendar-report")).to_contain_text("Cancelled")


@pytest.mark.parametrize("size", [(1280, 2400), (PHONE[0], 2400)], ids=["laptop", "phone"])
def test_every_view_keeps_the_rules_of_access(
    open_calendar: Callable[..., Page], staff: User, tea: Delivery, size: tuple[int, int]
) -> None:
    """In a window in which all of a page is seen: the bar that stays at its foot would cover days half, wherever they end."""
    a_campaign(staff, datetime(2026, 2, 1, tzinfo=UTC))
    planned(staff, clock.now(), "两处的茶。", _at(2, 10) + timedelta(minutes=5))
    page = open_calendar(_view(), size=size)
    for query in (
        _view(),
        f"month={_day(2)[:7]}&select=1",
        f"view=day&day={_day(2)}",
        f"view=list&month={_day(2)[:7]}",
    ):
        page.goto(f"/posts/calendar?{query}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.goto("/posts/slots")
    assert violations(page) == []


def test_a_chip_narrows_at_once(open_calendar: Callable[..., Page], staff: User, tea: Delivery) -> None:
    planned(staff, clock.now(), "只在圈子", _at(2, 15))
    page = open_calendar(_view())
    page.locator(".chip", has_text="Mastodon").click()
    expect(page.locator(".entry-text")).to_have_text(["两处的茶"])
    assert "channel=" in page.url


def test_a_free_slot_that_is_chosen_stands_in_the_schedule(
    open_calendar: Callable[..., Page], staff: User, tea: Delivery
) -> None:
    slots.add_slots(circle_account(), range(7), time(21, 30), by=staff, at=clock.now())
    page = open_calendar(_view())
    page.goto(tea.post.url)
    page.get_by_role("link", name="Next free slot").click()
    offer = page.locator("[data-when]").first
    wanted = offer.get_attribute("data-when") or ""
    offer.click()
    assert wanted.endswith("T21:30")
    expect(page.locator("input[name=when]")).to_have_value(wanted)
