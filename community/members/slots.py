"""Where other rooms bring what they know about a member."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from commons.accounts.models import User
from commons.panels import Panel, in_order
from commons.slots import Slot
from community.members.models import Member

profile_panels: Slot[Callable[[Member, datetime], Panel | None]] = Slot("panels of a member's profile, for staff")
fact_words: Slot[Callable[[], Mapping[str, Any]]] = Slot(
    "kind of fact → lazy sentence about the member, with %(…)s from the payload"
)
kind_words: Slot[Callable[[], Mapping[str, Any]]] = Slot("kind of fact → lazy name, as rules and lists say it")
known_already: Slot[Callable[[User, datetime], Member | None]] = Slot(
    "(account, moment) → the member whom the team knew before the person opened this account, now tied to it; or None"
)


def panels_of(member: Member, at: datetime) -> list[Panel]:
    """What the other rooms have to show about the member, in order."""
    return in_order(plug(member, at) for plug in profile_panels)
