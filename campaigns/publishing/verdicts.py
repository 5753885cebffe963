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

MOST_LOOKS = 6

_NOT_TAKEN = {AttemptOutcome.RATE, AttemptOutcome.NOT_SENT, AttemptOutcome.MEDIA_PENDING}
_REFUSED = {AttemptOutcome.REJECTED, AttemptOutcome.SIGN_IN}
_LOOKED = {AttemptOutcome.NOT_FOUND, AttemptOutcome.CANNOT_TELL}
_PERHAPS_AGAIN = {AttemptOutcome.OPEN, AttemptOutcome.AMBIGUOUS, AttemptOutcome.INTERRUPTED, *_NOT_TAKEN}


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
    last = tries[-1]
    if last.outcome is AttemptOutcome.DENIED:
        return Verdict(kind=AttemptKind.SEND, again_at=at)
    if last.outcome is AttemptOutcome.BY_PERSON:
        return Verdict(kind=AttemptKind.FIND, again_at=max(until or at, at + LOOKING[0]))
    if not in_doubt(tries):
        return Verdict(Ending.REFUSED) if last.outcome in _REFUSED else _again(tries, at, patient_until, until)
    if _may_repeat(tries, facts, at):
        return Verdict(kind=AttemptKind.SEND, again_at=max(until or at, at + _pause(PAUSES, _sends(tries))))
    return _look(tries, facts, at, until)


def next_kind(tries: Sequence[Try], facts: Facts, at: datetime) -> AttemptKind:
    """What to do now that the time for the next try has come."""
    if not in_doubt(tries) or _may_repeat(tries, facts, at):
        return AttemptKind.SEND
    return AttemptKind.FIND


def in_doubt(tries: Sequence[Try]) -> bool:
    """Whether the channel may have taken one of these. Only a person's word that it is not there ends the doubt."""
    doubt = False
    for one in tries:
        if one.outcome is AttemptOutcome.DENIED:
            doubt = False
        elif one.kind is AttemptKind.SEND and one.outcome not in _NOT_TAKEN | _REFUSED:
            doubt = True
    return doubt


def _again(tries: Sequence[Try], at: datetime, patient_until: datetime, until: datetime | None) -> Verdict:
    again_at = max(until, at) if until is not None else at + _pause(PAUSES, _sends(tries))
    if again_at > patient_until:
        return Verdict(Ending.OUT_OF_TIME)
    return Verdict(kind=AttemptKind.SEND, again_at=again_at)


def _may_repeat(tries: Sequence[Try], facts: Facts, at: datetime) -> bool:
    """Whether the same request may be sent again: the channel takes it once, and still remembers the first.

    Once it has said no or that it has this already, or once it was looked for, sending again would tell nothing.
    """
    last = tries[-1]
    if facts.safe_retry is None or last.kind is AttemptKind.FIND or last.outcome not in _PERHAPS_AGAIN:
        return False
    first = next(attempt.started_at for attempt in tries if attempt.kind is AttemptKind.SEND)
    remembered = facts.safe_retry is FOR_EVER or at + MARGIN < first + facts.safe_retry
    return remembered and _sends(tries) < MOST_SENDS


def _look(tries: Sequence[Try], facts: Facts, at: datetime, until: datetime | None) -> Verdict:
    """Look for it, three times: a channel may show what it took a little later. A look that fails is made again."""
    looks = [one.outcome for one in _since_denied(tries) if one.kind is AttemptKind.FIND]
    answered = sum(outcome in _LOOKED for outcome in looks)
    failed = len(looks) - answered
    refused = bool(looks) and looks[-1] in _REFUSED
    if not facts.can_find or refused or answered >= len(LOOKING) or failed >= MOST_LOOKS:
        return Verdict(Ending.UNKNOWN)
    pause = _pause(PAUSES, failed) if looks and looks[-1] not in _LOOKED else _pause(LOOKING, answered + 1)
    return Verdict(kind=AttemptKind.FIND, again_at=max(until or at, at + pause))


def _since_denied(tries: Sequence[Try]) -> Sequence[Try]:
    """The tries after the last word of a person that it is not there."""
    denied = [place for place, one in enumerate(tries, start=1) if one.outcome is AttemptOutcome.DENIED]
    return tries[denied[-1] :] if denied else tries


def _sends(tries: Sequence[Try]) -> int:
    """How often it was tried. Asking whether a file is ready is no try at posting: that may take many."""
    sends = (one for one in _since_denied(tries) if one.kind is AttemptKind.SEND)
    return sum(one.outcome is not AttemptOutcome.MEDIA_PENDING for one in sends)


def _pause(steps: Sequence[timedelta], number: int) -> timedelta:
    return steps[min(max(number, 1), len(steps)) - 1]
