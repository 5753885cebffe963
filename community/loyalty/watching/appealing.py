"""Appeals against a refusal: one of those concerned speaks once, somebody else decides, and upheld it restores what is his."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import aliased, joinedload

from commons import events
from commons.accounts.models import User
from commons.db import changed, db, insert_new
from commons.errors import Conflict, Gone, NotAllowed
from commons.events import Event, Evidence
from community.loyalty import accounts, ledger
from community.loyalty.ledger import Credit
from community.loyalty.levels import regaining
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry
from community.loyalty.rules.crediting import credits_of, withheld
from community.loyalty.rules.terms import terms_of_version
from community.loyalty.watching import telling
from community.loyalty.watching.models import HeldEarning, Outcome, Suspicion, SuspicionAppeal
from community.members import appeals
from community.members.appeals import APPEAL_FOR
from community.members.models import Member
from community.members.roster import member_of


def open_until(suspicion: Suspicion) -> datetime | None:
    """The last moment to appeal; None where nothing was refused."""
    refused = suspicion.outcome is Outcome.REFUSED and suspicion.decided_at is not None
    return suspicion.decided_at + APPEAL_FOR if refused and suspicion.decided_at is not None else None


def appeal(suspicion: Suspicion, member: Member, text: str, *, at: datetime) -> SuspicionAppeal:
    """The member says why the refusal is wrong. Twice is once; `Gone` after 30 days."""
    known = appeal_of(suspicion, member)
    if known is not None:
        return known
    words, until = appeals.said(text), open_until(suspicion)
    if until is None:
        raise Conflict(_("Nothing was refused here."))
    if at > until:
        raise Gone(_("An appeal is possible for 30 days."))
    if member.id not in {suspect.member_id for suspect in suspicion.people}:
        raise NotAllowed(_("This is about others."))
    insert_new(SuspicionAppeal, {"suspicion_id": suspicion.id, "member_id": member.id, "text": words, "made_at": at})
    made = appeal_of(suspicion, member)
    assert made is not None
    _record("loyalty.refusal_appealed", made, None, at)
    return made


def appeal_of(suspicion: Suspicion, member: Member) -> SuspicionAppeal | None:
    """What the member said against the refusal."""
    return db.session.scalars(
        select(SuspicionAppeal).where(
            SuspicionAppeal.suspicion_id == suspicion.id, SuspicionAppeal.member_id == member.id
        )
    ).one_or_none()


def appeals_of(suspicion: Suspicion) -> Sequence[SuspicionAppeal]:
    """All that was said against the refusal, the oldest first."""
    query = select(SuspicionAppeal).where(SuspicionAppeal.suspicion_id == suspicion.id)
    return db.session.scalars(query.options(joinedload(SuspicionAppeal.member)).order_by(SuspicionAppeal.id)).all()


def waiting() -> Sequence[SuspicionAppeal]:
    """The appeals that nobody has decided, the oldest first."""
    loaded = joinedload(SuspicionAppeal.member), joinedload(SuspicionAppeal.suspicion)
    return db.session.scalars(_waiting().options(*loaded).order_by(SuspicionAppeal.made_at)).all()


def waiting_for(user: User) -> int:
    """How many wait that this user may decide."""
    query = _waiting().join(Suspicion).where(Suspicion.decided_by_id.is_distinct_from(user.id))
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def may_decide(suspicion: Suspicion, user: User) -> bool:
    """Whoever refused does not judge about it."""
    return suspicion.decided_by_id != user.id


def decide(made: SuspicionAppeal, *, upheld: bool, answer: str, by: User, at: datetime) -> None:
    """Answer the appeal. Upheld: what was refused to this member is paid, growth and points, and lost levels come back.

    `Conflict` if somebody has decided already, `NotAllowed` for who refused, `Invalid` without an answer.
    """
    if not may_decide(made.suspicion, by):
        raise NotAllowed(_("You refused this."), _("Somebody else decides about the appeal."))
    words = appeals.answered(answer)
    locked = accounts.lock([made.member_id])
    waits = (SuspicionAppeal.id == made.id, SuspicionAppeal.decided_at.is_(None))
    values = {"upheld": upheld, "answer": words, "decided_at": at, "decided_by_id": by.id}
    if not changed(update(SuspicionAppeal).where(*waits).values(**values)):
        raise Conflict(_("Somebody has decided about this appeal meanwhile."))
    db.session.refresh(made)
    if upheld:
        owed = [withheld(credit, held.held_at, at) for held in _held(made) for credit in _credits(held, locked)]
        ledger.credit_all([replace(credit, actor_id=by.id) for credit in owed])
        regaining.regain(made.member_id, made.suspicion.decided_at or at, at)
    _record("loyalty.refusal_undone" if upheld else "loyalty.refusal_confirmed", made, by, at)
    telling.answered(made, at)


def told_of(member_id: int) -> list[dict[str, Any]]:
    """What the member said against refusals, and what was answered, as plain values."""
    query = select(SuspicionAppeal).where(SuspicionAppeal.member_id == member_id).order_by(SuspicionAppeal.id)
    return [
        {"at": made.made_at.isoformat(), "text": made.text, "upheld": made.upheld, "answer": made.answer}
        for made in db.session.scalars(query)
    ]


def erase(user: User, _at: datetime) -> None:
    """What the person wrote goes; that there was an appeal stays with the ledger."""
    member = member_of(user)
    if member is not None:
        mine = update(SuspicionAppeal).where(SuspicionAppeal.member_id == member.id)
        changed(mine.values(text="", answer=""))


def _waiting() -> Select[SuspicionAppeal]:
    return select(SuspicionAppeal).where(SuspicionAppeal.decided_at.is_(None))


def _held(made: SuspicionAppeal) -> Sequence[HeldEarning]:
    query = select(HeldEarning).where(
        HeldEarning.suspicion_id == made.suspicion_id,
        HeldEarning.member_id == made.member_id,
        HeldEarning.dropped_at.is_(None),
    )
    return db.session.scalars(query.order_by(HeldEarning.id)).all()


def _credits(held: HeldEarning, locked: accounts.Accounts) -> Iterator[Credit]:
    """What was refused of one fact: all of it, or the points that were held and the growth that the refusal took."""
    fact = db.session.get_one(Event, held.event_id)
    growth = _growth_taken(held) if held.was_paid else held.growth
    terms = replace(terms_of_version(held.rule_version), growth=growth, points=held.points)
    for credit in credits_of(locked, fact, terms):
        yield replace(credit, key=f"{credit.key}:upheld")


def _growth_taken(held: HeldEarning) -> int:
    taken = aliased(LedgerEntry)
    query = (
        select(func.coalesce(func.sum(-taken.amount), 0))
        .select_from(LedgerEntry)
        .join(taken, taken.reverses_id == LedgerEntry.id)
        .join(LedgerEntry.account)
        .where(LedgerEntry.event_id == held.event_id, LedgerEntry.rule_version_id == held.rule_version_id)
        .where(LedgerEntry.kind == EntryKind.EARN)
    )
    return int(db.session.scalar(query.where(LedgerAccount.currency == Currency.GROWTH)) or 0)


def _record(kind: str, made: SuspicionAppeal, by: User | None, at: datetime) -> None:
    events.track(
        kind,
        key=f"{kind}:{made.id}",
        at=at,
        member_id=made.member_id,
        actor_id=by.id if by is not None else None,
        subject=made.suspicion,
        evidence=Evidence.STAFF if by is not None else Evidence.SELF_DECLARED,
        payload={"answer": made.answer} if by is not None else {},
    )
