"""What becomes of who brought whom when two members turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Update, exists, update
from sqlalchemy.orm import aliased

from campaigns.chains.models import Bringing
from commons.db import db
from community.members.merging import finding, rows
from community.members.merging.models import Merge
from community.members.merging.moving import Carries
from community.members.models import Member

CAME = Bringing.__tablename__
BROUGHT = f"{CAME} by"
"""A step names two members; which of the two went along is told by the name under which it is noted."""


def rules() -> Sequence[Carries]:
    """For both columns of the room that name a member."""
    return (Carries((Bringing.member_id, Bringing.by_member_id), carry=_carry, give_back=_give_back),)


def _carry(merge: Merge, to_id: int, _key: str, _at: datetime) -> None:
    """Whom both brought one person brought. Nobody brings himself: a step between the two keeps naming both."""
    brought = update(Bringing).where(Bringing.by_member_id == merge.other_id, Bringing.member_id != to_id)
    rows.note(merge, BROUGHT, _moved(brought, by_member_id=to_id))
    came = update(Bringing).where(Bringing.member_id == merge.other_id, Bringing.by_member_id != to_id)
    rows.note(merge, CAME, _moved(came.where(_free(to_id)), member_id=to_id))
    db.session.expire_all()


def _give_back(merge: Merge, holder: Member, _at: datetime) -> None:
    have = [holder.id, *(deeper.other_id for deeper in finding.merges_into(holder))]
    brought = update(Bringing).where(Bringing.id.in_(rows.went(merge, BROUGHT)), Bringing.by_member_id.in_(have))
    _moved(brought, by_member_id=merge.other_id)
    came = update(Bringing).where(Bringing.id.in_(rows.went(merge, CAME)), Bringing.member_id.in_(have))
    _moved(came.where(_free(merge.other_id)), member_id=merge.other_id)
    db.session.expire_all()


def _free(member_id: int) -> Any:
    """The member was not brought in the scope of the row; the first step of a scope stays."""
    there = aliased(Bringing)
    return ~exists().where(there.member_id == member_id, there.scope == Bringing.scope)


def _moved(going: Update, **to: int) -> Sequence[int]:
    """Move these rows; their ids."""
    statement = going.values(**to).returning(Bringing.id).execution_options(synchronize_session=False)
    return db.session.scalars(statement).all()
