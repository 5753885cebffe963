"""What a member may not do for a while. Rooms above say so through the slot; whoever lets members act asks here first."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import datetime

from commons.errors import NotAllowed
from commons.slots import Slot
from community.members.models import Member


class Act(enum.StrEnum):
    """What can be barred."""

    SPEAK = "speak"
    REDEEM = "redeem"


bars: Slot[Callable[[Member, Act, datetime], NotAllowed | None]] = Slot(
    "(member, act, moment) → why the member may not do that then, or None"
)


def check(member: Member, act: Act, at: datetime) -> None:
    """Raise `NotAllowed` with the reason if anything bars the member from the act at that moment."""
    reason = barred(member, act, at)
    if reason is not None:
        raise reason


def barred(member: Member, act: Act, at: datetime) -> NotAllowed | None:
    """Why the member may not do it at that moment; None if nothing stands against it."""
    return next((reason for bar in bars if (reason := bar(member, act, at)) is not None), None)
