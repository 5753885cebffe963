"""What the boards know about a person, for the export of one's data; the wish to stay away goes with the person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from commons.accounts import slots
from commons.accounts.models import User
from community.loyalty.ranking import boards
from community.members.roster import member_of


def plug() -> None:
    slots.exporting.plug(export)
    slots.erasing.plug(erase)


def export(user: User) -> dict[str, Any]:
    member = member_of(user)
    return {"on_leaderboards_by_name": not boards.is_away(member)} if member is not None else {}


def erase(user: User, _at: datetime) -> None:
    """Who is gone has no name to hide: the place stays, for places are exact."""
    member = member_of(user)
    if member is not None:
        boards.come_back(member)
