"""Facts as they are written: what is said of a merged self is a fact of the kept one, and which self it was is written down."""

from __future__ import annotations

from collections.abc import Sequence

from flask import has_request_context
from sqlalchemy import select

from commons.accounts import sessions
from commons.db import db
from commons.events import Event
from community.members.merging import finding, rows
from community.members.merging.facts import AT_ONCE
from community.members.merging.models import Merge
from community.members.models import Member

BY_HANDLE = {"interaction", "circle_post"}
"""Subjects of facts that a handle brings about: whose those are after a split, the handle says."""


def read(facts: Sequence[Event]) -> None:
    """Reader of the stream, before all that pays for facts."""
    carry_along(facts)
    came_as = sessions.came_as() if facts and has_request_context() else None
    if came_as is not None:
        _note_self(came_as, facts)


def carry_along(facts: Sequence[Event]) -> bool:
    """Facts of merged selves become the kept ones'; whether there were any.

    Whoever pays for facts asks again under the lock of the accounts: a merge may have been what the lock was waiting for.
    """
    found = False
    ids = sorted({fact.member_id for fact in facts if fact.member_id is not None})
    for start in range(0, len(ids), AT_ONCE):
        query = select(Merge).where(Merge.other_id.in_(ids[start : start + AT_ONCE]), Merge.split_at.is_(None))
        for merge in db.session.scalars(query).all():
            _carry(merge, [fact for fact in facts if fact.member_id == merge.other_id])
            found = True
    return found


def _carry(merge: Merge, facts: Sequence[Event]) -> None:
    holder = finding.by_id(merge.other_id)
    for fact in facts:
        fact.member_id = holder.id
    db.session.flush()
    rows.note(merge, Event.__tablename__, [fact.id for fact in facts])


def _note_self(account_id: int, facts: Sequence[Event]) -> None:
    """Somebody signed in with the account of a merged self: what he does, other than by a handle, is that self's again after
    a split."""
    query = select(Merge).join(Member, Member.id == Merge.other_id)
    merge = db.session.scalars(query.where(Member.user_id == account_id, Merge.split_at.is_(None))).one_or_none()
    if merge is not None:
        holder = finding.by_id(merge.kept_id)
        mine = [fact for fact in facts if fact.member_id == holder.id and fact.subject_type not in BY_HANDLE]
        rows.note(merge, Event.__tablename__, [fact.id for fact in mine])
