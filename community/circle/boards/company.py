"""The people one talks with: those whom a member answered and who answered the member, under posts or in interest circles."""

from __future__ import annotations

from typing import cast

from sqlalchemy import ColumnElement, Select, and_, literal, select, union
from sqlalchemy.orm import aliased

from community.circle.interests.models import CirclePost
from community.inbox.models import Interaction, InteractionKind
from community.members.models import Handle, Member


def company_of(member: Member) -> Select[int]:
    """The ids of the member's company, and the member's own."""
    answered_me = union(_comments(member, asked_by_me=True), _circle_posts(member, asked_by_me=True)).subquery()
    i_answered = union(_comments(member, asked_by_me=False), _circle_posts(member, asked_by_me=False)).subquery()
    both = select(answered_me.c.id).where(answered_me.c.id.in_(select(i_answered.c.id)))
    found = union(both, select(literal(member.id).label("id"))).subquery()
    return cast("Select[int]", select(found.c.id))


def _comments(member: Member, *, asked_by_me: bool) -> Select[int | None]:
    """The ids of those who answered my comments (`asked_by_me`), or whose comments I answered."""
    reply, asked = aliased(Interaction), aliased(Interaction)
    mine, other = aliased(Handle), aliased(Handle)
    my_side, their_side = (asked, reply) if asked_by_me else (reply, asked)
    return (
        select(other.member_id.label("id"))
        .select_from(mine)
        .join(my_side, and_(my_side.author_id == mine.id, my_side.kind == InteractionKind.COMMENT))
        .join(their_side, reply.parent_id == asked.id)
        .join(other, their_side.author_id == other.id)
        .where(_two_people(mine, other, member), reply.withdrawn_at.is_(None), asked.withdrawn_at.is_(None))
    )


def _circle_posts(member: Member, *, asked_by_me: bool) -> Select[int | None]:
    """The same in interest circles, for what stands there."""
    reply, asked = aliased(CirclePost), aliased(CirclePost)
    mine, other = aliased(Handle), aliased(Handle)
    my_side, their_side = (asked, reply) if asked_by_me else (reply, asked)
    standing = [
        one.stands_since.is_not(None) & one.withdrawn_at.is_(None) & one.removed_at.is_(None) for one in (reply, asked)
    ]
    return (
        select(other.member_id.label("id"))
        .select_from(mine)
        .join(my_side, my_side.author_id == mine.id)
        .join(their_side, reply.parent_id == asked.id)
        .join(other, their_side.author_id == other.id)
        .where(_two_people(mine, other, member), *standing)
    )


def _two_people(mine: type[Handle], other: type[Handle], member: Member) -> ColumnElement[bool]:
    """One side is the member, the other somebody else who is one too."""
    return (mine.member_id == member.id) & other.member_id.is_not(None) & (other.member_id != member.id)
