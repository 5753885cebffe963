"""The public card: what a member shows of himself to everybody, while he wants to."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, or_, select

from commons.accounts.models import User
from commons.db import db
from community.members.models import Member
from community.members.profiles import guardians


def switch(member: Member, on: bool) -> None:
    """Show the card, or take it away at once. Twice is once. Raises `NotAllowed` while a guardian has yet to agree."""
    if on:
        guardians.check(member.id)
    member.card_public = on
    db.session.flush()


def public_cards() -> Select[Member]:
    """Members whose card everybody may see: switched on, not erased, their account not ended, no guardian's word missing."""
    return (
        select(Member)
        .outerjoin(Member.user)
        .where(Member.card_public, Member.counts(), or_(User.id.is_(None), User.ended_at.is_(None)))
        .where(~guardians.awaited(Member.id))
    )


def shown_among(member_ids: Collection[int]) -> set[int]:
    """Which of these members show their card to everybody: one query."""
    if not member_ids:
        return set()
    return set(db.session.scalars(public_cards().with_only_columns(Member.id).where(Member.id.in_(member_ids))))
