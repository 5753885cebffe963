"""Where other rooms say what wants a decision of the lead, and what went wrong in a campaign."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.planning.models import Campaign
from commons.accounts.models import User
from commons.slots import Slot


@dataclass(frozen=True)
class Alert:
    """Something that wants a decision: `tone` is bad, warn or info, `action` the words of the link that leads to it."""

    tone: str
    words: str
    url: str
    action: str


@dataclass(frozen=True)
class Trouble:
    """Something that went wrong so many times, in words, and the page with its rows."""

    words: Any
    number: int
    url: str


alerts: Slot[Callable[[Campaign, User, datetime], Iterable[Alert]]] = Slot("what wants a decision of a campaign's lead")
waits: Slot[Callable[[Campaign, User, datetime], int]] = Slot(
    "how much that fans did waits for a decision of this person; asked for again within two seconds"
)
troubles: Slot[Callable[[Campaign, User, datetime], Iterable[Trouble]]] = Slot("what went wrong in a campaign")
