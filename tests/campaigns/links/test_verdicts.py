"""What a request shows about who sent it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.links.models import Verdict
from campaigns.links.verdicts import truncated, verdict, visitor_mark
from tests.campaigns.factories import PHONE
from tests.factories import NOON

KEY = b"a key of our own"


@pytest.mark.parametrize(
    "browser",
    [
        PHONE,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
        "Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 20) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 14; V2309A) AppleWebKit/537.36 Weibo (vivo-V2309A__weibo__14.2.2__android)",
    ],
)
def test_people_are_people_whatever_they_hold_in_their_hands(browser: str) -> None:
    assert verdict(browser) is Verdict.HUMAN


@pytest.mark.parametrize(
    "browser",
    [
        "",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (compatible; Bytespider)",
    ],
)
def test_machines_are_machines(browser: str) -> None:
    assert verdict(browser) is Verdict.BOT


def test_a_head_request_is_no_person() -> None:
    assert verdict(PHONE, "HEAD") is Verdict.BOT


@pytest.mark.parametrize(
    "browser", ["facebookexternalhit/1.1", "Twitterbot/1.0", "TelegramBot (like TwitterBot)", "WhatsApp/2.23"]
)
def test_previewers_are_told_from_other_machines(browser: str) -> None:
    assert verdict(browser) is Verdict.PREVIEW


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender", "preview"])
def test_a_browser_that_looks_ahead_is_a_preview(purpose: str) -> None:
    assert verdict(PHONE, purpose=purpose) is Verdict.PREVIEW


def test_our_own_team_is_staff_and_its_machines_are_machines() -> None:
    assert verdict(PHONE, is_staff=True) is Verdict.STAFF
    assert verdict("curl/8", is_staff=True) is Verdict.BOT


def test_a_visitor_is_recognised_within_a_day_and_not_longer() -> None:
    first = visitor_mark("203.0.113.7", PHONE, NOON, KEY)
    assert visitor_mark("203.0.113.7", PHONE, NOON + timedelta(hours=11), KEY) == first
    assert visitor_mark("203.0.113.7", PHONE, NOON + timedelta(hours=13), KEY) != first
    assert visitor_mark("198.51.100.7", PHONE, NOON, KEY) != first
    assert visitor_mark("203.0.113.7", PHONE, NOON, b"another key") != first


def test_somebody_signed_in_is_recognised_by_the_account_wherever_he_is() -> None:
    assert visitor_mark("203.0.113.7", PHONE, NOON, KEY, 5) == visitor_mark("198.51.100.7", "", NOON, KEY, 5)
    assert visitor_mark("203.0.113.7", PHONE, NOON, KEY, 5) != visitor_mark("203.0.113.7", PHONE, NOON, KEY, 6)


def test_addresses_lose_what_tells_one_household_from_the_next() -> None:
    assert truncated("203.0.113.77") == "203.0.113.0/24"
    assert truncated("2001:db8:abcd:12::1") == "2001:db8:abcd::/48"
    assert truncated("no address") == ""
