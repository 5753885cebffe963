"""The people one talks with: those whom a member answered and who answered the member, under the circle's posts."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Select, and_, literal, select, union
from sqlalchemy.orm import aliased

from community.inbox.models import Interaction, InteractionKind
from community.members.models import Handle, Member


def company_of(member: Member) -> Select[int]:
    """The ids of the member's company, and the member's own."""
    answered = _pairs(member, asked_by_me=False).intersect(_pairs(member, asked_by_me=True)).subquery()
    both = union(select(answered.c.id), select(literal(member.id).label("id"))).subquery()
    return cast("Select[int]", select(both.c.id))


def _pairs(member: Member, *, asked_by_me: bool) -> Select[int | None]:
    """The ids of those who answered me (`asked_by_me`), or whom I answered."""
    reply, asked = aliased(Interaction), aliased(Interaction)
    mine, other = aliased(Handle), aliased(Handle)
    my_side, their_side = (asked, reply) if asked_by_me else (reply, asked)
    return (
        select(other.member_id.label("id"))
        .select_from(mine)
        .join(my_side, and_(my_side.author_id == mine.id, my_side.kind == InteractionKind.COMMENT))
        .join(their_side, reply.parent_id == asked.id)
        .join(other, their_side.author_id == other.id)
        .where(mine.member_id == member.id, other.member_id.is_not(None), other.member_id != member.id)
        .where(reply.withdrawn_at.is_(None), asked.withdrawn_at.is_(None))
    )
