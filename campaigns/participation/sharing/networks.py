"""Whose post an address shows, as far as the inbox knows: by the handles that are proven."""

from __future__ import annotations

import enum
import re

from sqlalchemy import select

from commons.db import db
from community.channels.models import ChannelAccount
from community.inbox.models import EXTERNAL_ID_LENGTH, Interaction
from community.members.merging import finding
from community.members.models import Handle, Member

LATELY = 200


class Whose(enum.StrEnum):
    OWN = "own"
    SOMEBODY_ELSES = "somebody_elses"
    UNKNOWN = "unknown"


def whose(mark: str, member: Member) -> Whose:
    """Whose post it is. Networks end the address of a post with its id, as the inbox keeps it (alone, or within a longer one)."""
    ending = re.split(r"[/=]", mark)[-1]
    if not ending or len(ending) > EXTERNAL_ID_LENGTH:
        return Whose.UNKNOWN
    handles = select(Handle.id).where(Handle.member_id.in_(finding.selves_of(member)))
    mine = select(Interaction.external_id).where(Interaction.author_id.in_(handles), Interaction.withdrawn_at.is_(None))
    lately = db.session.scalars(mine.order_by(Interaction.occurred_at.desc()).limit(LATELY))
    if any(ending in re.split(r"[/:]", external_id) for external_id in lately):
        return Whose.OWN
    anybodys = select(Interaction.id).where(
        Interaction.account_id.in_(select(ChannelAccount.id)), Interaction.external_id == ending
    )
    return Whose.SOMEBODY_ELSES if db.session.scalars(anybodys.limit(1)).first() else Whose.UNKNOWN
