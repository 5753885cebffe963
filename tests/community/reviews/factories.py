"""Things handed in, and people who review them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from commons.accounts.models import User
from commons.permissions import Role
from community.members.models import Member
from community.reviews import deciding, settling
from community.reviews.models import Decision, Kind, Submission, Verdict
from community.reviews.slots import Order
from community.reviews.submitting import Draft, submit
from tests.factories import NOON, make_staff

_numbers = count(1)
MINUTE = timedelta(minutes=1)
KETTLE = Order("seat.kettle", "group_buy.kettle", "冷泡壶", NOON - timedelta(days=9))


def hand_in(member: Member, text: str = "今天的茶很香，配了一块饼。", at: datetime = NOON, **more: Any) -> Submission:
    more.setdefault("kind", Kind.POST)
    key = more.pop("key", f"formkey{next(_numbers)}")
    return submit(member, Draft(text=text, **more), key=key, at=at)


def review_order(member: Member, stars: int, text: str = "用了两个星期。", at: datetime = NOON) -> Submission:
    order = Order(f"seat.{next(_numbers)}", KETTLE.about, KETTLE.title, KETTLE.bought_at)
    return hand_in(member, text, at, kind=Kind.ORDER_REVIEW, stars=stars, order=order)


def reviewer(name: str = "阿岚") -> User:
    return make_staff(Role.SOCIAL_MANAGER, name)


def published(member: Member, by: User, text: str = "今天的茶很香，配了一块饼。", at: datetime = NOON) -> Submission:
    """Something that was handed in, published, and whose author was told."""
    made = hand_in(member, text, at)
    decide(made, Verdict.PUBLISH, by, at)
    return made


def refused(member: Member, by: User, at: datetime = NOON, text: str = "今天的茶很香，配了一块饼。") -> Submission:
    made = hand_in(member, text, at)
    decide(made, Verdict.REFUSE, by, at, "4.2")
    return made


def decide(
    submission: Submission, verdict: Verdict, by: User, at: datetime = NOON, clause: str = "", reason: str = ""
) -> Decision:
    """Decide, and let the time for undoing pass."""
    decision = deciding.decide(submission, verdict, by=by, at=at, clause=clause, reason=reason)
    settling.settle(at + deciding.UNDO)
    return decision
