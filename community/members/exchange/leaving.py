"""What lists that came in said of a person, for the export of one's data, and what goes when the person is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons.accounts.models import User
from commons.db import db
from community.members.exchange import awaiting
from community.members.exchange.models import AwaitedMail, MemberImportRow
from community.members.merging import finding
from community.members.models import Member
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """The rows about the person, on what grounds the team brought them in, and the addresses under which it was awaited."""
    member = member_of(user)
    if member is None:
        return {}
    awaited = select(AwaitedMail.mail).where(AwaitedMail.member_id.in_(finding.selves_of(member)))
    return {
        "imported": [_plain(row) for row in _rows(member)],
        "awaited_at": list(db.session.scalars(awaited.order_by(AwaitedMail.id))),
    }


def erase(user: User, at: datetime) -> None:
    """What the rows say goes; that there was a row stays with the file. To be called while the person is known."""
    awaiting.erase(user, at)
    member = member_of(user)
    for row in _rows(member) if member is not None else ():
        row.cells = row.cells | {"values": {}, "wrong": []}
        row.problems, row.changes, row.notes = [], [], []
    db.session.flush()


def _rows(member: Member) -> Sequence[MemberImportRow]:
    """Those about the member, and about who is part of the member by now."""
    selves = finding.selves_of(member)
    query = select(MemberImportRow).where(MemberImportRow.member_id.in_(selves)).order_by(MemberImportRow.id)
    return db.session.scalars(query.options(joinedload(MemberImportRow.of))).all()


def _plain(row: MemberImportRow) -> dict[str, Any]:
    return {"at": row.of.made_at.isoformat(), "basis": row.of.basis, "row": row.cells.get("values", {})}
