"""Who is not on the list although he takes part: decided, with a reason, before the list is frozen and never after."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, exists, select

from campaigns.draws.models import Draw, DrawExclusion, Reason
from campaigns.draws.telling import tell_team
from campaigns.participation.models import Participant
from commons.accounts.models import User
from commons.db import changed, db, insert_new
from commons.errors import Conflict, Invalid
from community.members.models import Member

BY_HAND = (Reason.EMPLOYEE, Reason.SECOND_ACCOUNT, Reason.UNDER_AGE, Reason.RULES_BROKEN)


class ListClosed(Conflict):
    """The list has closed; nobody is taken off it any more, nor put back."""


def exclude(draw: Draw, member: Member, reason: Reason, *, by: User, at: datetime) -> None:
    """Keep a participant off the list. Twice is once, with the first reason. `ListClosed` from the closing on."""
    _hold_open(draw, at)
    if reason not in BY_HAND:
        raise Invalid(_("This reason follows from facts by itself; nobody can choose it."))
    takes_part = exists().where(Participant.campaign_id == draw.campaign_id, Participant.member_id == member.id)
    if not db.session.scalar(select(takes_part)):
        raise Invalid(_("This fan does not take part in the campaign."))
    row = {"draw_id": draw.id, "member_id": member.id, "reason": reason, "by_id": by.id, "at": at}
    if insert_new(DrawExclusion, row) is not None:
        tell_team("draw.excluded", draw, at, by=by, again=_mark(member, at), reason=reason.value, fan=member.public_id)


def readmit(draw: Draw, member: Member, *, by: User, at: datetime) -> None:
    """Take an exclusion back. Twice is once. `ListClosed` from the closing on."""
    _hold_open(draw, at)
    mine = (DrawExclusion.draw_id == draw.id, DrawExclusion.member_id == member.id)
    if changed(delete(DrawExclusion).where(*mine)):
        tell_team("draw.readmitted", draw, at, by=by, again=_mark(member, at), fan=member.public_id)


def _hold_open(draw: Draw, at: datetime) -> None:
    """Wait for one's turn at the draw: the list is frozen before this, or after all of it."""
    db.session.refresh(draw, with_for_update=True)
    if draw.frozen_at is not None or draw.missed_at is not None or at >= draw.closes_at:
        raise ListClosed(_("The list has closed; exclusions no longer change."))


def _mark(member: Member, at: datetime) -> str:
    return f":{member.public_id}:{at.isoformat()}"
