"""What the demo shows of the ledger: points that expire, points that wait for the parcel, and a proof for every night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from campaigns.demo.stage import Cast
from commons import clock
from commons.db import db
from community.loyalty.books import reconciling
from community.loyalty.models import EarningRule
from community.loyalty.rules import versions as rules

Step = Callable[[], object]
NIGHTS = 14


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order."""
    yield cast.day(-18, "10:00"), partial(_change, cast, "comment", points_last_days=180)
    yield cast.day(-10, "10:00"), partial(_change, cast, "group_buy", available_after_days=14, points_last_days=365)
    for night in range(-NIGHTS, 1):
        yield cast.day(night, "03:10"), lambda: reconciling.check(clock.now())


def _change(cast: Cast, code: str, **terms: Any) -> None:
    rule = db.session.scalars(select(EarningRule).where(EarningRule.code == code)).one()
    now = rules.current(rule, clock.now())
    assert now is not None
    rules.change(rule, replace(now, **terms), by=cast.lead, at=clock.now())
