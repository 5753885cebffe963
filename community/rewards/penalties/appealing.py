"""Appeals: a fan speaks once against a penalty, somebody else decides, and an upheld appeal restores everything."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update

from commons import events
from commons.accounts.models import User
from commons.db import changed, db, insert_new
from commons.errors import Conflict, Gone, NotAllowed
from commons.events import Event, Evidence
from community.loyalty import ledger
from community.loyalty.levels import regaining
from community.members import appeals
from community.members.appeals import APPEAL_FOR
from community.notices import telling
from community.rewards.penalties.giving import details, page_of
from community.rewards.penalties.models import Penalty, PenaltyAppeal


def open_until(penalty: Penalty) -> datetime:
    """The last moment to appeal."""
    return penalty.given_at + APPEAL_FOR


def appeal(penalty: Penalty, text: str, *, at: datetime) -> PenaltyAppeal:
    """The fan says why it is wrong. Twice is once; `Gone` after 30 days."""
    known = _appeal_of(penalty)
    if known is not None:
        return known
    words = appeals.said(text)
    if penalty.lifted_at is not None:
        raise Conflict(_("This penalty is lifted already."))
    if at > open_until(penalty):
        raise Gone(_("An appeal is possible for 30 days."))
    insert_new(PenaltyAppeal, {"penalty_id": penalty.id, "text": words, "made_at": at})
    db.session.expire(penalty, ["appeal"])
    made = _appeal_of(penalty)
    assert made is not None
    _tell("penalty.appealed", penalty, at, None)
    return made


def may_decide(penalty: Penalty, user: User) -> bool:
    """Whoever gave a penalty does not judge about it."""
    return penalty.given_by_id != user.id


def decide(penalty: Penalty, *, upheld: bool, answer: str, by: User, at: datetime) -> None:
    """Answer the appeal. Upheld: the term ends, points and growth come back into the lots they came from, and so do levels.

    What would expire lasts as much longer as it was gone.

    `Conflict` if somebody has decided already, `NotAllowed` for who gave the penalty, `Invalid` without an answer.
    """
    if not may_decide(penalty, by):
        raise NotAllowed(_("You gave this penalty."), _("Somebody else decides about the appeal."))
    words = appeals.answered(answer)
    waits = (PenaltyAppeal.penalty_id == penalty.id, PenaltyAppeal.decided_at.is_(None))
    values = {"upheld": upheld, "answer": words, "decided_at": at, "decided_by_id": by.id}
    if changed(update(PenaltyAppeal).where(*waits).values(**values)) == 0:
        raise Conflict(_("No appeal waits here; somebody may have decided meanwhile."))
    db.session.refresh(penalty)
    if penalty.appeal is not None:
        db.session.refresh(penalty.appeal)
    if upheld:
        _restore(penalty, by, at)
    else:
        _tell("penalty.confirmed", penalty, at, by)
    kind = "penalty.lifted" if upheld else "penalty.confirmed"
    telling.tell(
        penalty.member_id, kind, key=f"{kind}:{penalty.public_id}", at=at, url=page_of(penalty),
        details=details(penalty) | {"answer": words},
    )  # fmt: skip


def _restore(penalty: Penalty, by: User, at: datetime) -> None:
    penalty.lifted_at = at
    db.session.flush()
    fact = _tell("penalty.lifted", penalty, at, by)
    for entry in (penalty.points_entry, penalty.growth_entry):
        if entry is not None:
            ledger.reverse(entry, at=at, by=by, event=fact, longer=at - penalty.given_at)
    regaining.regain(penalty.member_id, penalty.given_at, at)


def _appeal_of(penalty: Penalty) -> PenaltyAppeal | None:
    return db.session.scalars(select(PenaltyAppeal).where(PenaltyAppeal.penalty_id == penalty.id)).one_or_none()


def _tell(kind: str, penalty: Penalty, at: datetime, by: User | None) -> Event | None:
    return events.track(
        kind,
        key=f"{kind}:{penalty.public_id}",
        at=at,
        member_id=penalty.member_id,
        actor_id=by.id if by else None,
        subject=penalty,
        evidence=Evidence.STAFF if by else Evidence.SELF_DECLARED,
        payload=details(penalty),
    )
