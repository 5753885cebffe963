"""Personal data that nobody needs any more goes by itself, once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from commons import clock, jobs
from commons.accounts.models import Invitation, MailToken, SignIn, User
from commons.db import db

UNCONFIRMED_FOR = timedelta(days=30)
BROWSERS_FOR = timedelta(days=180)
SECRETS_FOR = timedelta(days=30)


@jobs.job("accounts.tidy")
def tidy() -> None:
    """The daily turn."""
    forget_old(clock.now())


def forget_old(at: datetime) -> None:
    """Remove mailed secrets long over, browsers not seen for half a year, and sign-ups that nobody ever confirmed."""
    db.session.execute(delete(MailToken).where(MailToken.expires_at < at - SECRETS_FOR))
    gone = or_(SignIn.ended_at < at - BROWSERS_FOR, SignIn.seen_at < at - BROWSERS_FOR)
    db.session.execute(delete(SignIn).where(gone))
    never = select(User.id).where(User.confirmed_at.is_(None), User.created_at < at - UNCONFIRMED_FOR)
    idle = never.where(User.id.not_in(select(MailToken.user_id).where(MailToken.expires_at > at)))
    idle = idle.where(User.id.not_in(select(Invitation.user_id).where(Invitation.user_id.is_not(None))))
    forgotten = list(db.session.scalars(idle))
    db.session.execute(delete(MailToken).where(MailToken.user_id.in_(forgotten)))
    db.session.execute(delete(SignIn).where(SignIn.user_id.in_(forgotten)))
    db.session.execute(delete(User).where(User.id.in_(forgotten)))


jobs.every("accounts.tidy", seconds=86400)
