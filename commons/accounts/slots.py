"""Where upper layers take part in an account's life."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commons.accounts.models import User
from commons.slots import Slot


@dataclass(frozen=True)
class DemoName:
    """One way into the demo brand, as the sign-in page shows it."""

    email: str
    password: str
    words: str


INVITED_WITH = "invited_with"
"""The key of the session under which the invitation code stands that somebody came with."""

invitation_checks: Slot[Callable[[str, datetime], object]] = Slot(
    "an invitation code as it was typed at sign-up: raises a DomainError if nobody can come by it"
)
signed_up: Slot[Callable[[User, datetime], object]] = Slot("somebody filled in the sign-up form; not confirmed yet")
became_fan: Slot[Callable[[User, datetime], object]] = Slot("a fan has confirmed the mail address")
renaming: Slot[Callable[[User, datetime], object]] = Slot("a person goes by another name from now on")
exporting: Slot[Callable[[User], dict[str, Any]]] = Slot(
    "what a room knows about a person, for the export of one's data"
)
erasing: Slot[Callable[[User, datetime], object]] = Slot("a person is erased: personal fields of the room go too")
demo_names: Slot[Callable[[], Sequence[DemoName]]] = Slot("sign-in names of the demo brand")
brand_name: Slot[Callable[[], str]] = Slot(
    "what the brand is called, in the language of the moment; the first plug is asked"
)
