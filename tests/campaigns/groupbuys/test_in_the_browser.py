"""Group buys and boards in a real browser: what people do is on everybody's screen within two seconds."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from campaigns.groupbuys.joining import join
from campaigns.groupbuys.models import GroupBuy
from campaigns.planning.models import Campaign, MissionKind
from commons import clock
from commons.db import db
from commons.permissions import Role
from tests.campaigns.factories import PHONE as PHONES_NAME
from tests.campaigns.factories import a_link, make_campaign, make_offer, mission
from tests.factories import PASSWORD, make_fan, make_staff
from tests.servers.browser import LAPTOP, PHONE, Windows, come_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]

AT_ONCE = 2_500  # milliseconds: two seconds, and what it takes to look


@pytest.fixture
def campaign(beside: Flask) -> Campaign:
    made = make_campaign(mission(MissionKind.JOIN_GROUP_BUY), mission(MissionKind.CHECK_IN))
    db.session.commit()
    return made


@pytest.fixture
def offer(campaign: Campaign) -> GroupBuy:
    made = make_offer(campaign=campaign, needed=2, seats=3)
    db.session.commit()
    return made


def signed_in(windows: Windows, email: str | None, **how: object) -> Page:
    return come_in(windows.open(language="en", **how), email, PASSWORD)  # type: ignore[arg-type]


def a_fan(windows: Windows, name: str, **how: object) -> Page:
    fan = make_fan(name)
    assert fan.user is not None
    address = fan.user.email
    db.session.commit()  # after the last read: an open transaction would hold the server up
    return signed_in(windows, address, **how)


def test_a_fan_who_came_by_a_link_joins_and_all_screens_follow(
    windows: Windows, beside: Flask, campaign: Campaign, offer: GroupBuy
) -> None:
    lead = make_staff(Role.CAMPAIGN_LEAD, "周澜")
    link = a_link(f"/groupbuys/{offer.public_id}", campaign=campaign)
    db.session.commit()
    board = signed_in(windows, lead.email, size=LAPTOP)
    board.goto(f"/control/{campaign.public_id}")
    onlooker = windows.open(size=LAPTOP, language="en")
    onlooker.goto(f"/groupbuys/{offer.public_id}")
    expect(onlooker.locator("#group-buy-progress")).to_contain_text("0 joined, 2 needed")

    fan = a_fan(windows, "小满", size=PHONE, user_agent=PHONES_NAME)
    fan.goto(f"/l/{link.slug}")
    fan.get_by_role("button", name="Join the group buy").click()
    expect(fan.locator("#group-buy-progress")).to_contain_text("You are in")

    expect(onlooker.locator("#group-buy-progress")).to_contain_text("1 joined, 2 needed", timeout=AT_ONCE)
    expect(board.locator("#control-live")).to_contain_text("小满", timeout=AT_ONCE)
    board.goto(f"/groupbuys/{offer.public_id}/seats")
    expect(board.get_by_role("table")).to_contain_text(f"/l/{link.slug}")


def test_giving_back_asks_first_and_survives_what_arrives_meanwhile(
    windows: Windows, beside: Flask, offer: GroupBuy
) -> None:
    fan = a_fan(windows, "谷雨", size=PHONE)
    fan.goto(f"/groupbuys/{offer.public_id}")
    fan.get_by_role("button", name="Join the group buy").click()
    fan.locator("details.confirm summary").click()
    dialog = fan.get_by_role("dialog")
    with fan.expect_response(re.compile("/progress$")):
        expect(dialog).to_contain_text("Give your seat back?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Give my seat back").click()
    expect(fan.get_by_role("button", name="Join the group buy")).to_be_visible()
    expect(fan.locator("#group-buy-progress")).to_contain_text("0 joined, 2 needed")


def test_a_countdown_is_not_set_back_by_what_arrives(windows: Windows, beside: Flask, offer: GroupBuy) -> None:
    page = windows.open(size=LAPTOP, language="en")
    page.goto(f"/groupbuys/{offer.public_id}")
    left = page.locator("#group-buy-progress .countdown")
    expect(left).to_contain_text("left")
    for _ in range(2):
        with page.expect_response(re.compile("/progress$")):
            pass
        assert "left" in left.inner_text()


def test_that_the_last_seat_is_gone_is_said_in_its_place(windows: Windows, beside: Flask, offer: GroupBuy) -> None:
    late = a_fan(windows, "阿禾", size=PHONE)
    late.goto(f"/groupbuys/{offer.public_id}")
    join_button = late.get_by_role("button", name="Join the group buy")
    expect(join_button).to_be_visible()
    late.route("**/progress", lambda route: route.abort())
    for name in ("白露", "南星", "知秋"):
        join(db.session.merge(offer), make_fan(name), clock.now())
    db.session.commit()
    join_button.click()
    expect(late.get_by_role("alert")).to_contain_text("All seats are taken.")
