"""Guardians: who says to be too young allows nothing alone.

That a guardian is needed is a row of its own. It outlives the answer from which it came, so that neither clearing the age
nor telling another one gets round it: only staff lift it, on a basis that they write down. Asking a guardian is in `asking`,
what guardians decide in `deciding`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, or_, select, update

from commons import events
from commons.accounts import names
from commons.accounts.models import User
from commons.admin import brand
from commons.db import changed, db, insert_new
from commons.errors import Invalid, NotAllowed
from commons.events import Evidence
from community.members.models import Member
from community.members.profiles import choices, consents
from community.members.profiles.models import BASIS_LENGTH, Answer, Consent, Decision, Field, Guardianship, Purpose, Way


def needed(member_id: int) -> Guardianship | None:
    """The guardianship on which everything that the member allows depends; None for who decides alone."""
    guardianship = db.session.scalars(Guardianship.open_of(member_id)).one_or_none()
    return guardianship if guardianship is not None and guardianship.band in _young() else None


def is_awaited(member_id: int) -> bool:
    """Whether a guardian has to agree and has not: nothing may be sent to the member then."""
    guardianship = needed(member_id)
    return guardianship is not None and guardianship.decision is not Decision.AGREED


def awaited(member_id: Any) -> ColumnElement[bool]:
    """`is_awaited` in SQL; `member_id` may be a column of an enclosing query."""
    undecided = or_(Guardianship.decision.is_(None), Guardianship.decision != Decision.AGREED)
    open_one = Guardianship.member_id == member_id, Guardianship.lifted_at.is_(None)
    return exists().where(*open_one, Guardianship.band.in_(_young()), undecided).correlate_except(Guardianship)


def check(member_id: int) -> None:
    """Raise `NotAllowed` while a guardian's word is missing, for what shows the member to everybody."""
    if is_awaited(member_id):
        raise NotAllowed(_("A guardian has to agree first"), _("Your profile page says how your guardian is asked."))


def is_missing(member_id: int, band: str) -> bool:
    """Whether somebody in this age band needs a guardian and none was asked for so far."""
    return band in _young() and needed(member_id) is None


def require(member: Member, band: str, at: datetime, by: User | None = None) -> None:
    """From now on a guardian has to agree. What the member allowed alone is void, and what was kept for it is erased."""
    consents.hold(member.id)
    open_now = consents.of_member(member.id)
    alone = [purpose for purpose, consent in open_now.items() if consent.given_way is not Way.GUARDIAN]
    wanted = [purpose.value for purpose in Purpose if purpose in {Purpose.PROFILE, *open_now}]
    row = {"member_id": member.id, "band": band, "required_at": at, "wanted": wanted}
    if insert_new(Guardianship, row) is not None:
        track("member.guardian_needed", member, at, by)
    else:
        db.session.scalars(Guardianship.open_of(member.id)).one().band = band
    for purpose in alone:
        consents.close(member.id, purpose, Way.TOO_YOUNG, at)
    db.session.flush()


def lift(member: Member, *, basis: str, by: User, at: datetime) -> None:
    """Staff note that no guardian has to agree, and how they know. What a guardian allowed stays. Twice is once."""
    basis = names.clean(basis)[:BASIS_LENGTH]
    if not names.has_letter(basis):
        raise Invalid(_("Say on what basis you know this."))
    consents.hold(member.id)
    guardianship = db.session.scalars(Guardianship.open_of(member.id)).one_or_none()
    if guardianship is not None:
        guardianship.lifted_at, guardianship.lifted_by, guardianship.lifted_basis = at, by, basis
        guardianship.email = ""
        db.session.flush()
        track("member.guardian_lifted", member, at, by)


def forget_unanswered(at: datetime) -> int:
    """Erase the addresses of guardians who did not answer in time; how many."""
    overdue = Guardianship.decision.is_(None), Guardianship.asked_at < at - Guardianship.LASTS
    return changed(update(Guardianship).where(*overdue, Guardianship.email != "").values(email=""))


def catch_up(at: datetime, limit: int) -> int:
    """Ask for guardians of members for whom the brand's settings want one since they were changed; of how many."""
    young, lonely = _young(), ~consents.needs_guardian(Answer.member_id)
    told = select(Answer.member_id, Answer.value).where(Answer.field == Field.AGE_BAND, Answer.value.in_(young), lonely)
    by_himself = Consent.withdrawn_at.is_(None), Consent.given_way != Way.GUARDIAN
    again = select(Guardianship.member_id, Guardianship.band).where(
        Guardianship.lifted_at.is_(None),
        Guardianship.band.in_(young),
        exists().where(Consent.member_id == Guardianship.member_id, *by_himself),
    )
    found = db.session.execute(told.union(again).limit(limit)).all()
    for member_id, band in found:
        require(db.session.get_one(Member, member_id), band, at)
    return len(found)


def _young() -> set[str]:
    return choices.young_bands(brand.shown().guardian_age)


def track(kind: str, member: Member, at: datetime, by: User | None = None) -> None:
    events.track(
        kind,
        key=f"{kind}:{member.public_id}:{at.timestamp():.6f}",
        at=at,
        member_id=member.id,
        actor_id=by.id if by is not None else None,
        subject=member.user,
        evidence=Evidence.STAFF if by is not None else Evidence.SELF_DECLARED,
    )
