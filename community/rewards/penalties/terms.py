"""What penalties bar a member from while they run."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from commons.db import db
from commons.errors import NotAllowed
from commons.i18n import date_words
from community.members.bars import Act
from community.members.models import Member
from community.rewards.penalties.models import Measure, Penalty

BARS = {Act.SPEAK: Measure.MUTE, Act.REDEEM: Measure.NO_SHOP}


def bar(member: Member, act: Act, at: datetime) -> NotAllowed | None:
    """Why a running penalty bars the act, with the clause, until when, and what the fan can do; None if none does."""
    query = select(Penalty).where(
        Penalty.member_id == member.id, Penalty.ends_at > at, Penalty.lifted_at.is_(None), Penalty.measure == BARS[act]
    )
    penalty = db.session.scalars(query.order_by(Penalty.ends_at.desc()).limit(1)).one_or_none()
    if penalty is None:
        return None
    assert penalty.ends_at is not None
    values = {"date": date_words(penalty.ends_at, "long"), "clause": penalty.clause}
    words = {
        Act.SPEAK: _("You cannot write until %(date)s, under clause %(clause)s of the content standard.", **values),
        Act.REDEEM: _("You cannot redeem until %(date)s, under clause %(clause)s of the content standard.", **values),
    }
    return NotAllowed(words[act], _("My place tells why, and how to appeal."))
