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


def post_id_of(mark: str) -> str | None:
    """The id that the address of a post ends with, as networks write it; None where it cannot be one."""
    ending = re.split(r"[/=]", mark)[-1]
    return ending if 0 < len(ending) <= EXTERNAL_ID_LENGTH else None


def parts_of(external_id: str) -> list[str]:
    """What the address of a post may end with: its id as the inbox keeps it, which stands alone or within a longer one."""
    return re.split(r"[/:]", external_id)


def whose(mark: str, member: Member) -> Whose:
    """Whose post it is."""
    ending = post_id_of(mark)
    if ending is None:
        return Whose.UNKNOWN
    handles = select(Handle.id).where(Handle.member_id.in_(finding.selves_of(member)))
    mine = select(Interaction.external_id).where(Interaction.author_id.in_(handles), Interaction.withdrawn_at.is_(None))
    lately = db.session.scalars(mine.order_by(Interaction.occurred_at.desc()).limit(LATELY))
    if any(ending in parts_of(external_id) for external_id in lately):
        return Whose.OWN
    anybodys = select(Interaction.id).where(
        Interaction.account_id.in_(select(ChannelAccount.id)), Interaction.external_id == ending
    )
    return Whose.SOMEBODY_ELSES if db.session.scalars(anybodys.limit(1)).first() else Whose.UNKNOWN
