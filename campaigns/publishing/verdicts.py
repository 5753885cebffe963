"""What follows from how a try ended. Pure: values in, verdict out.

The rule behind all of it: only what surely never left, or what the channel takes once however often it comes, is sent again
by itself. Everything else is looked for on the channel, and what cannot be found out becomes unknown.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.publishing.models import AttemptKind, AttemptOutcome
from community.channels.protocol import FOR_EVER, Facts

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 30, 90, 300))
LOOKING = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120))
MOST_SENDS = 6
PATIENCE = timedelta(minutes=10)
MARGIN = timedelta(minutes=2)

_NOT_TAKEN = {AttemptOutcome.RATE, AttemptOutcome.NOT_SENT, AttemptOutcome.MEDIA_PENDING}
_IN_DOUBT = {AttemptOutcome.OPEN, AttemptOutcome.AMBIGUOUS, AttemptOutcome.INTERRUPTED}
_REFUSED = {AttemptOutcome.REJECTED, AttemptOutcome.SIGN_IN}


class Ending(enum.StrEnum):
    """How a part ends that does not stand on the channel."""

    REFUSED = "refused"
    OUT_OF_TIME = "out_of_time"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Try:
    """One try at a part, as far as it matters here."""

    kind: AttemptKind
    outcome: AttemptOutcome
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """Either the part ends (`ending`), or `kind` is done next, not before `again_at`."""

    ending: Ending | None = None
    kind: AttemptKind = AttemptKind.SEND
    again_at: datetime | None = None


def after(
    tries: Sequence[Try], facts: Facts, at: datetime, *, patient_until: datetime, until: datetime | None = None
) -> Verdict:
    """What to do about a part after `tries` (oldest first, the last one just ended without success).

    `until` is when the channel says it may be tried again; what was surely not taken is tried until `patient_until`.
    """
    last = tries[-1].outcome
    if last in _REFUSED:
        return Verdict(Ending.REFUSED)
    if last in _NOT_TAKEN:
        return _again(tries, at, patient_until, until)
    if last is AttemptOutcome.DENIED:
        return Verdict(kind=AttemptKind.SEND, again_at=at)
    if last in _IN_DOUBT and _may_repeat(tries, facts, at):
        return Verdict(kind=AttemptKind.SEND, again_at=at + _pause(PAUSES, _sends(tries)))
    return _look(tries, facts, at)


def next_kind(tries: Sequence[Try], facts: Facts, at: datetime) -> AttemptKind:
    """What to do now that the time for the next try has come."""
    if not tries or tries[-1].outcome in _NOT_TAKEN | _REFUSED | {AttemptOutcome.DENIED}:
        return AttemptKind.SEND
    if tries[-1].outcome in _IN_DOUBT and _may_repeat(tries, facts, at):
        return AttemptKind.SEND
    return AttemptKind.FIND


def _again(tries: Sequence[Try], at: datetime, patient_until: datetime, until: datetime | None) -> Verdict:
    again_at = max(until, at) if until is not None else at + _pause(PAUSES, _sends(tries))
    if again_at > patient_until:
        return Verdict(Ending.OUT_OF_TIME)
    return Verdict(kind=AttemptKind.SEND, again_at=again_at)


def _may_repeat(tries: Sequence[Try], facts: Facts, at: datetime) -> bool:
    """Whether the same request may be sent again: the channel takes it once, and still remembers the first."""
    if facts.safe_retry is None or _sends(tries) >= MOST_SENDS:
        return False
    first = next(attempt.started_at for attempt in tries if attempt.kind is AttemptKind.SEND)
    return facts.safe_retry is FOR_EVER or at + MARGIN < first + facts.safe_retry


def _look(tries: Sequence[Try], facts: Facts, at: datetime) -> Verdict:
    """Look for it, three times: a channel may show what it took a little later."""
    looks = sum(attempt.kind is AttemptKind.FIND and attempt.outcome is not AttemptOutcome.DENIED for attempt in tries)
    if not facts.can_find or looks >= len(LOOKING):
        return Verdict(Ending.UNKNOWN)
    return Verdict(kind=AttemptKind.FIND, again_at=at + _pause(LOOKING, looks + 1))


def _sends(tries: Sequence[Try]) -> int:
    return sum(attempt.kind is AttemptKind.SEND for attempt in tries)


def _pause(steps: Sequence[timedelta], number: int) -> timedelta:
    return steps[min(number, len(steps)) - 1]
