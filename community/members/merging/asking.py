"""A fan says that another account is his too, and proves it: signed in with the one, then with the other in the same browser."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from commons.db import changed, db
from commons.errors import Gone, Invalid
from community.members.merging import selves
from community.members.merging.models import Merge, MergeAsk, Proof
from community.members.models import Member

LASTS = timedelta(minutes=15)


def ask(member: Member, at: datetime) -> MergeAsk:
    """The member is about to sign in with another account of his in this browser. Its public id belongs into the session."""
    made = MergeAsk(member_id=member.id, asked_at=at, ends_at=at + LASTS)
    db.session.add(made)
    db.session.flush()
    return made


def open_ask(public_id: object, at: datetime) -> MergeAsk | None:
    """What was asked in this browser a short while ago, if it was not answered yet."""
    if not isinstance(public_id, str):
        return None
    query = select(MergeAsk).where(MergeAsk.public_id == public_id, MergeAsk.used_at.is_(None), MergeAsk.ends_at > at)
    return db.session.scalars(query).one_or_none()


def answer(asked: MergeAsk, other: Member, at: datetime) -> Merge:
    """Whoever asked is signed in as `other` now and says that both are he: the one who asked is kept. Once."""
    mine = (MergeAsk.id == asked.id, MergeAsk.used_at.is_(None), MergeAsk.ends_at > at)
    if not changed(update(MergeAsk).where(*mine).values(used_at=at)):
        raise Gone(str(_l("This took too long.")), str(_l("Begin again from your first account.")))
    if asked.member.user is None:
        raise Invalid(str(_l("The first account is closed.")), str(_l("Ask the team.")))
    return selves.merge(asked.member, other, by=asked.member.user, at=at, proof=Proof.BOTH_ACCOUNTS)
