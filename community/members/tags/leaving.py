"""What the room knows about a person, for the export of one's data, and what goes when the person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from commons.accounts.models import User
from commons.db import db
from community.members.roster import member_of
from community.members.tags.models import Tagging
from community.members.tags.tagging import tags_of


def export(user: User) -> dict[str, Any]:
    """The words that the team has put on the person."""
    member = member_of(user)
    return {} if member is None else {"tags": [tag.name for tag in tags_of([member.id])[member.id]]}


def erase(user: User, at: datetime) -> None:
    """The person has no tags any more. To be called before the tie to the account is cut."""
    member = member_of(user)
    if member is not None:
        db.session.execute(delete(Tagging).where(Tagging.member_id == member.id))
