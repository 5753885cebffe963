"""Handing messages to push services, each browser by itself, and forgetting browsers that are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from commons import clock, jobs, outbound
from commons.db import db
from commons.jobs.pauses import pause
from commons.outbound import Answer, Failure
from community.members.profiles import consents
from community.members.profiles.models import Purpose
from community.notices import capping
from community.notices.models import Notice
from community.notices.push import browsers, messages, wording
from community.notices.push.addresses import Address
from community.notices.push.models import PushBrowser

TRIES = 6
LONGEST_WAIT = timedelta(hours=6)
# So many messages in a row that no push service took: the browser is given up.
MOST_MISSES = 5
BUSY = {408, 425, 429}


def hand_over(browser_id: int, notice_ids: list[int]) -> None:
    """After the commit: push to this browser what these notices say."""
    jobs.send("notices.push", browser=browser_id, notices=notice_ids, tried=0)


@jobs.job("notices.push", queue="default", tries=3)
def push(browser: int, notices: list[int], tried: int) -> None:
    """One try. A service that is busy or away is asked again later, as late as it says itself, but not at night; a browser that
    is gone goes.

    The next try is a job of its own: that a push service is away is nothing for the list of work that failed. A message that
    was sent twice, since an answer got lost, shows once: both have the same tag.
    """
    found, at = db.session.get(PushBrowser, browser), clock.now()
    if found is None or not browsers.takes(found, at) or not consents.given(found.member_id, Purpose.PUSH):
        return
    morning = capping.waking_moment(found.member, at)
    if morning > at:  # it has waited for the service or for a worker, and it is night by now
        jobs.send("notices.push", due=morning, browser=browser, notices=notices, tried=tried)
        return
    told = _unseen(found, notices)
    if told:
        _settle(found, told, tried, at)


@jobs.job("notices.tidy")
def tidy() -> None:
    """The daily turn."""
    browsers.forget_over(clock.now())


jobs.every("notices.tidy", seconds=86400)


def _settle(browser: PushBrowser, told: Sequence[Notice], tried: int, at: datetime) -> None:
    """Push, and do what the answer asks for."""
    answer = _handed(browser, told, at)
    if answer is not None and answer.ok:
        browser.reached_at, browser.misses = at, 0
    elif answer is not None and 400 <= answer.status < 500 and answer.status not in BUSY:
        browsers.remove(browser)
    elif tried + 1 < TRIES:
        ids = [notice.id for notice in told]
        jobs.send("notices.push", due=at + _wait(answer, tried), browser=browser.id, notices=ids, tried=tried + 1)
    else:
        _miss(browser)


def _unseen(browser: PushBrowser, notice_ids: Sequence[int]) -> list[Notice]:
    """What of it the browser's member has not seen on the page meanwhile."""
    told = [notice for number in notice_ids if (notice := db.session.get(Notice, number)) is not None]
    return [notice for notice in told if notice.seen_at is None and notice.member_id == browser.member_id]


def _handed(browser: PushBrowser, told: Sequence[Notice], at: datetime) -> Answer | None:
    """What the push service answered; None when it could not be reached."""
    address = Address.of(browser.address)
    sealed = messages.seal(wording.message(browser.member, told), address, at)
    try:
        return outbound.fetch("POST", address.endpoint, headers=sealed.headers, body=sealed.body, want_body=False)
    except Failure:
        return None


def _wait(answer: Answer | None, tried: int) -> timedelta:
    """As long as the service asks for, at most some hours; else the usual pause."""
    asked = answer.headers.get("retry-after", "") if answer is not None else ""
    if asked.isdecimal() and len(asked) < 7:
        return min(max(timedelta(seconds=int(asked)), pause(tried + 1)), LONGEST_WAIT)
    return pause(tried + 1)


def _miss(browser: PushBrowser) -> None:
    browser.misses += 1
    if browser.misses >= MOST_MISSES:
        browsers.remove(browser)
