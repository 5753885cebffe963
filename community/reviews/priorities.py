"""How soon somebody should look at what: pure. The queue is in the order of these moments, so that waiting itself counts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from community.reviews.checks import Finding
from community.reviews.models import Wait

TARGETS = {
    Wait.FLAGGED: timedelta(hours=1),
    Wait.REPORT: timedelta(hours=2),
    Wait.APPEAL: timedelta(hours=8),
    Wait.SECOND: timedelta(hours=8),
    Wait.FIRST: timedelta(hours=24),
    Wait.SPOT_CHECK: timedelta(hours=72),
}


def first_wait(findings: Sequence[Finding], *, trusted: bool) -> Wait:
    """Why a new submission stands in the queue. A trusted author's stands there only to be spot-checked."""
    if any(finding.is_grave for finding in findings):
        return Wait.FLAGGED
    return Wait.SPOT_CHECK if trusted and not findings else Wait.FIRST


def due_at(wait: Wait, since: datetime) -> datetime:
    """Until when somebody should have looked at what has waited since then."""
    return since + TARGETS[wait]


def sooner(one: datetime | None, other: datetime) -> datetime:
    """A second reason to look never makes it later."""
    return other if one is None else min(one, other)


def is_sampled(key: str, share: int) -> bool:
    """Whether a trusted author's submission is spot-checked: `share` in a hundred, the same answer for the same key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % 100 < share
