"""From the winner's address to the parcel: five days for the one, thirty for the other, and neither kept longer than needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import and_, null, or_, select, update

from campaigns.draws.awarding import TooLate, overdue
from campaigns.draws.models import ADDRESS_DAYS, SENDING_DAYS, DrawAward, DrawPrize
from campaigns.draws.telling import notify, tell_winner
from commons.accounts.models import User
from commons.db import changed, db
from commons.errors import Conflict, Invalid

ADDRESS_PARTS = ("name", "phone", "place")
ADDRESSES_FOR = timedelta(days=90)
WARNING = timedelta(days=1)
REMINDED_AT_ONCE = 500


class NotReady(Conflict):
    """The prize was not accepted, or nobody knows where it goes."""


def give_address(award: DrawAward, address: Mapping[str, str], at: datetime) -> None:
    """Where the parcel goes; may be changed until it is sent. `TooLate` afterwards, `Invalid` if a part is missing."""
    given = {part: (address.get(part) or "").strip() for part in ADDRESS_PARTS}
    if not all(given.values()):
        raise Invalid(_("A parcel needs a name, a telephone number and an address."))
    open_ = (DrawAward.claimed_at.is_not(None), DrawAward.ended_at.is_(None), DrawAward.sent_at.is_(None), ~overdue(at))
    first = award.address_at or at
    change = update(DrawAward).where(DrawAward.id == award.id, *open_).values(address=given, address_at=first)
    done = changed(change)
    db.session.refresh(award)
    if not done:
        raise TooLate(_("The address can no longer be given or changed."))


def send(award: DrawAward, *, tracking: str, by: User, at: datetime) -> None:
    """The prize is on its way, or handed over. Twice is once; `NotReady` before it was accepted and has an address."""
    parcels = select(DrawPrize.id).where(DrawPrize.by_post)
    known = or_(DrawAward.address_at.is_not(None), DrawAward.prize_id.not_in(parcels))
    ready = (DrawAward.claimed_at.is_not(None), DrawAward.ended_at.is_(None), DrawAward.sent_at.is_(None), known)
    values = {"sent_at": at, "sent_by_id": by.id, "tracking": tracking.strip()}
    done = changed(update(DrawAward).where(DrawAward.id == award.id, *ready).values(**values))
    db.session.refresh(award)
    if done:
        tell_winner("draw.sent", award, at, by=by)
        notify("draw.sent_tracked" if award.tracking else "draw.sent", award, at, tracking=award.tracking)
    elif award.sent_at is None:
        raise NotReady(_("This prize cannot be sent yet, or it went to somebody else."))


def remind(at: datetime) -> None:
    """Whose time to accept, or to give an address, ends within a day is told so, once."""
    standing = (DrawAward.ended_at.is_(None), DrawAward.sent_at.is_(None))
    silent = and_(DrawAward.claimed_at.is_(None), DrawAward.claim_until > at, DrawAward.claim_until <= at + WARNING)
    since = at - timedelta(days=ADDRESS_DAYS)
    parcels = select(DrawPrize.id).where(DrawPrize.by_post)
    nowhere = and_(
        DrawAward.address_at.is_(None),
        DrawAward.claimed_at > since,
        DrawAward.claimed_at <= since + WARNING,
        DrawAward.prize_id.in_(parcels),
    )
    for kind, wanted in (("draw.accept_soon", silent), ("draw.address_soon", nowhere)):
        query = select(DrawAward).where(*standing, wanted).order_by(DrawAward.id).limit(REMINDED_AT_ONCE)
        for award in db.session.scalars(query).all():
            notify(kind, award, at)


def forget_old(at: datetime) -> int:
    """Erase the addresses of what was sent 90 days ago; how many."""
    over = (DrawAward.address.is_not(None), DrawAward.sent_at < at - ADDRESSES_FOR)
    return changed(update(DrawAward).where(*over).values(address=null()))


def late_since(at: datetime) -> datetime:
    """What was ready to be sent before this moment is overdue."""
    return at - timedelta(days=SENDING_DAYS)
