"""What penalties say about a person, for the export of one's data, and what goes when the person is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from commons.accounts.models import User
from commons.db import db
from community.members.roster import member_of
from community.rewards.penalties import reading
from community.rewards.penalties.models import Penalty

ERASED = "–"


def export(user: User) -> dict[str, Any]:
    """Every penalty with its appeal."""
    member = member_of(user)
    return {"penalties": [_plain(penalty) for penalty in reading.of_member(member, 1000)]} if member else {}


def erase(user: User, at: datetime) -> None:
    """What was written about the person, and by the person, goes."""
    member = member_of(user)
    for penalty in reading.of_member(member, 1000) if member else ():
        penalty.note, penalty.about = ERASED, ""
        if penalty.appeal is not None:
            penalty.appeal.text = ""
            penalty.appeal.answer = penalty.appeal.answer and ERASED
    db.session.flush()


def _plain(penalty: Penalty) -> dict[str, Any]:
    appeal = penalty.appeal
    return {
        "clause": penalty.clause,
        "measure": penalty.measure.value,
        "note": penalty.note,
        "points": penalty.points,
        "growth": penalty.growth,
        "given_at": penalty.given_at.isoformat(),
        "ends_at": penalty.ends_at.isoformat() if penalty.ends_at else None,
        "lifted_at": penalty.lifted_at.isoformat() if penalty.lifted_at else None,
        "appeal": {"text": appeal.text, "upheld": appeal.upheld, "answer": appeal.answer} if appeal else None,
    }
