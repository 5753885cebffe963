"""Handles in the export of one's data, and what goes when a person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from commons.accounts.models import User
from commons.db import changed, db
from community.handles.models import HandleCode, HandleProof
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """Which handles were proven, and how."""
    member = member_of(user)
    if member is None:
        return {}
    proofs = db.session.scalars(select(HandleProof).where(HandleProof.member_id == member.id).order_by(HandleProof.id))
    return {
        "proven_handles": [
            {
                "channel": proof.handle.channel,
                "name": proof.handle.name,
                "proof": proof.proof,
                "proven_at": proof.proven_at.isoformat(),
            }
            for proof in proofs
        ]
    }


def erase(user: User, _at: datetime) -> None:
    """Who proved what, and the codes, go."""
    member = member_of(user)
    if member is not None:
        changed(delete(HandleCode).where(HandleCode.member_id == member.id))
        changed(delete(HandleProof).where(HandleProof.member_id == member.id))
