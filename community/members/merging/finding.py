"""As whom a member goes now, and the selves that are part of one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons.accounts.models import User
from commons.db import db
from community.loyalty import accounts
from community.members.merging.models import Merge
from community.members.models import Member


def self_of(member: Member) -> Member:
    """The member as whom this one goes by now: himself, or whom he was merged into, and that one, and so on."""
    return by_id(member.id)


def by_id(member_id: int) -> Member:
    """The same for an id, read anew from the database."""
    query = select(Member).where(Member.id == member_id).execution_options(populate_existing=True)
    member = db.session.scalars(query).one()
    return by_id(member.merged_into_id) if member.merged_into_id is not None else member


def merged_among(ids: Collection[int]) -> dict[int, int]:
    """Those of the ids whose members are part of another one by now, each with the id of the member as whom he goes."""
    now = {member_id: member_id for member_id in ids}
    while into := _merged_into({*now.values()}):
        now = {member_id: into.get(self_id, self_id) for member_id, self_id in now.items()}
    return {member_id: self_id for member_id, self_id in now.items() if member_id != self_id}


def by_public_id(public_id: str) -> Member | None:
    """Whom a merged member's old address leads to; None for one that was never merged."""
    query = select(Member).where(Member.public_id == public_id, Member.merged_into_id.is_not(None))
    member = db.session.scalars(query).one_or_none()
    return self_of(member) if member is not None else None


def merges_into(member: Member) -> list[Merge]:
    """Every merge that stands by which somebody is part of this member, near or far, the newest first."""
    found: list[Merge] = []
    kept = [member.id]
    while kept:
        query = select(Merge).where(Merge.kept_id.in_(kept), Merge.split_at.is_(None)).options(joinedload(Merge.other))
        deeper = db.session.scalars(query).all()
        found += deeper
        kept = [merge.other_id for merge in deeper]
    return sorted(found, key=lambda merge: merge.id, reverse=True)


def selves_of(member: Member) -> list[int]:
    """The ids of the member and of everybody who is part of the member."""
    return [member.id, *(merge.other_id for merge in merges_into(member))]


def history(member: Member) -> Sequence[Merge]:
    """Every merge in which this member ever was one of the two, the newest first."""
    query = select(Merge).where((Merge.kept_id == member.id) | (Merge.other_id == member.id))
    loaded = joinedload(Merge.kept), joinedload(Merge.other), joinedload(Merge.merged_by), joinedload(Merge.split_by)
    return db.session.scalars(query.options(*loaded).order_by(Merge.id.desc())).all()


def closed(*members: Member) -> list[Member]:
    """As whom the members go now, their accounts and rows closed to everybody else until the transaction ends.

    The accounts in the ledger come first, as for whoever spends or earns, so that nobody waits for each other for ever.
    """
    while True:
        selves = [by_id(member.id) for member in members]
        if all(member.merged_into_id is None for member in _close({member.id for member in selves})):
            return selves


def closed_with(member: Member) -> Member:
    """As whom a merged member goes now; that one and the member himself are closed until the transaction ends."""
    while True:
        holder = by_id(member.id)
        _close({holder.id, member.id})
        if by_id(member.id) is holder:
            return holder


def _close(ids: Collection[int]) -> Sequence[Member]:
    accounts.lock(ids)
    query = select(Member).where(Member.id.in_(ids)).order_by(Member.id).with_for_update(key_share=True)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def lead(member: Member) -> None:
    """Whoever signs in with the account of one of the member's selves is signed in as the member."""
    selves = [member, *(merge.other for merge in merges_into(member))]
    for one in selves:
        account = _account(one)
        if account is not None:
            account.leads_to_id = member.user_id if one is not member else None
    db.session.flush()


def _merged_into(ids: Collection[int]) -> dict[int, int]:
    query = select(Member.id, Member.merged_into_id).where(Member.id.in_(ids), Member.merged_into_id.is_not(None))
    return {member_id: into_id for member_id, into_id in db.session.execute(query) if into_id is not None}


def _account(member: Member) -> User | None:
    return db.session.get(User, member.user_id) if member.user_id is not None else None
