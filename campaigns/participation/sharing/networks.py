"""Whose post an address shows, as far as the inbox knows: by the handles that are proven."""

from __future__ import annotations

import enum
import re
from datetime import datetime

from sqlalchemy import Select, or_, select

from commons.db import db
from community.channels.models import ChannelAccount
from community.inbox.models import EXTERNAL_ID_LENGTH, Interaction
from community.members.merging import finding
from community.members.models import Handle, Member

LATELY = 200


class Whose(enum.StrEnum):
    """`OLDER`: the fan's own, made before what it is to prove. `UNKNOWN`: nobody has proven the handle, or it never came in."""

    OWN = "own"
    OLDER = "older"
    SOMEBODY_ELSES = "somebody_elses"
    UNKNOWN = "unknown"


def post_id_of(mark: str) -> str | None:
    """The id that the address of a post ends with, as networks write it; None where it cannot be one."""
    ending = re.split(r"[/=]", mark)[-1]
    return ending if 0 < len(ending) <= EXTERNAL_ID_LENGTH else None


def parts_of(external_id: str) -> list[str]:
    """What the address of a post may end with: its id as the inbox keeps it, which stands alone or within a longer one."""
    return re.split(r"[/:]", external_id)


def whose(mark: str, member: Member, since: datetime) -> Whose:
    """Whose post it is; one of the fan's own counts from `since` on."""
    ending = post_id_of(mark)
    if ending is None:
        return Whose.UNKNOWN
    selves = finding.selves_of(member)
    for external_id, occurred_at in db.session.execute(_lately(selves)):
        if ending in parts_of(external_id):
            return Whose.OWN if occurred_at >= since else Whose.OLDER
    return Whose.SOMEBODY_ELSES if db.session.scalars(_of_others(ending, selves)).first() else Whose.UNKNOWN


def _lately(selves: list[int]) -> Select[str, datetime]:
    """What the fan has posted, the newest first."""
    handles = select(Handle.id).where(Handle.member_id.in_(selves))
    mine = (Interaction.author_id.in_(handles), Interaction.withdrawn_at.is_(None))
    query = select(Interaction.external_id, Interaction.occurred_at).where(*mine)
    return query.order_by(Interaction.occurred_at.desc()).limit(LATELY)


def _of_others(ending: str, selves: list[int]) -> Select[int]:
    """A post under a handle that another fan has proven, or that is ours."""
    here = Interaction.account_id.in_(select(ChannelAccount.id)), Interaction.external_id == ending
    others = or_(Handle.member_id.not_in(selves), Handle.user_id.is_not(None))
    return select(Interaction.id).join(Handle, Handle.id == Interaction.author_id).where(*here, others).limit(1)
