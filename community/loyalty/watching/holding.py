"""Holding what looks wrong, and what a person then decides: it passes, or it is refused; both with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased, joinedload

from commons import events
from commons.accounts.models import User
from commons.db import changed, db, insert_new
from commons.errors import Conflict
from commons.events import Event, Evidence
from community.loyalty import accounts, ledger
from community.loyalty.ledger import Credit
from community.loyalty.models import Currency, EntryKind, LedgerAccount, LedgerEntry, RuleVersion
from community.loyalty.rules.crediting import credits_of, withheld
from community.loyalty.rules.terms import terms_of_version
from community.loyalty.rules.verdicts import Terms
from community.loyalty.watching import telling
from community.loyalty.watching.models import HeldEarning, Outcome, SuspectMember, Suspicion

NOTE = 200


class Decided(Conflict):
    """Somebody else has decided otherwise."""


def hold_new(suspicion_id: int, fact: Event, terms: Terms) -> None:
    """What a new fact earns waits: no entry stands in the ledger until a person lets it pass."""
    row = {
        "suspicion_id": suspicion_id,
        "member_id": fact.member_id,
        "event_id": fact.id,
        "rule_version_id": terms.version_id,
        "growth": terms.growth,
        "points": terms.points,
        "expires_at": terms.expiry(fact.occurred_at),
        "held_at": fact.learnt_at,
    }
    insert_new(HeldEarning, row)


def hold_paid(suspicion: Suspicion, event_ids: Sequence[int], at: datetime) -> None:
    """Take the points back that these facts had earned, until it is decided. Their growth stays so long."""
    for entry in _paid(event_ids):
        taken = 0
        if entry.account.currency is Currency.POINTS:
            taken = -ledger.reverse(entry, at=at, event=entry.event, allow_negative=False).amount
        _note_paid(suspicion, entry, taken, at)


def let_pass(suspicion: Suspicion, reason: str, *, by: User, at: datetime) -> None:
    """All is well: what was held is paid, and what was taken back is given back. Twice is once."""
    if _decide(suspicion, Outcome.PASSED, reason, by, at):
        held_now = _held(suspicion)
        locked = accounts.lock({*_members(suspicion), *(held.member_id for held in held_now)})
        owed = [withheld(credit, held.held_at, at) for held in held_now for credit in _credits(held, locked)]
        ledger.credit_all([replace(credit, actor_id=by.id) for credit in owed])
        telling.passed(suspicion, at)


def refuse(suspicion: Suspicion, reason: str, *, by: User, at: datetime) -> None:
    """It was not in order: what was held is not paid, and the growth of what had been paid is taken back. Twice is once."""
    if _decide(suspicion, Outcome.REFUSED, reason, by, at):
        paid = [held.event_id for held in _held(suspicion) if held.was_paid]
        for entry in _paid(paid):
            ledger.reverse(entry, at=at, by=by, event=entry.event, note=reason[:NOTE])
        telling.refused(suspicion, at)


def _decide(suspicion: Suspicion, outcome: Outcome, reason: str, by: User, at: datetime) -> bool:
    """Whether the decision is this one's to make; False when it was made so already.

    The accounts are locked first, as whoever pays facts does, and the row after them.
    """
    accounts.lock(_members(suspicion))
    mine = update(Suspicion).where(Suspicion.id == suspicion.id, Suspicion.outcome == Outcome.OPEN)
    taken = changed(mine.values(outcome=outcome, reason=reason, decided_at=at, decided_by_id=by.id))
    db.session.refresh(suspicion)
    if not taken and suspicion.outcome is not outcome:
        raise Decided(str(_l("Somebody has decided this otherwise meanwhile.")), str(_l("Reload the page to see how.")))
    if taken:
        _record(suspicion, by, at)
    return bool(taken)


def _record(suspicion: Suspicion, by: User, at: datetime) -> None:
    kind = f"loyalty.suspicion_{suspicion.outcome.value}"
    members = _members(suspicion)
    events.track(
        kind,
        key=f"{kind}:{suspicion.id}",
        at=at,
        member_id=members[0] if len(members) == 1 else None,
        actor_id=by.id,
        subject=suspicion,
        evidence=Evidence.STAFF,
        payload={"reason": suspicion.reason, "people": len(members), "sign": suspicion.sign.value},
    )


def _held(suspicion: Suspicion) -> Sequence[HeldEarning]:
    query = select(HeldEarning).where(HeldEarning.suspicion_id == suspicion.id, HeldEarning.dropped_at.is_(None))
    loaded = joinedload(HeldEarning.rule_version).joinedload(RuleVersion.rule)
    return db.session.scalars(query.options(loaded).order_by(HeldEarning.id)).all()


def _credits(held: HeldEarning, locked: accounts.Accounts) -> Iterator[Credit]:
    """What passing pays: all of what was never paid, or the points that were taken back (under a key of their own)."""
    fact = db.session.get_one(Event, held.event_id)
    terms = terms_of_version(held.rule_version)
    again = ":again" if held.was_paid else ""
    for credit in credits_of(locked, fact, replace(terms, growth=held.growth, points=held.points)):
        yield replace(credit, key=f"{credit.key}{again}")


def _paid(event_ids: Sequence[int]) -> Sequence[LedgerEntry]:
    """The entries by which these facts have earned and that nothing has reversed."""
    undoing = aliased(LedgerEntry)
    undone = exists().where(undoing.reverses_id == LedgerEntry.id)
    query = select(LedgerEntry).join(LedgerEntry.account).options(joinedload(LedgerEntry.account))
    query = query.where(LedgerEntry.event_id.in_(event_ids), LedgerEntry.kind == EntryKind.EARN, ~undone)
    return db.session.scalars(query.order_by(LedgerAccount.id, LedgerEntry.id)).all()


def _note_paid(suspicion: Suspicion, entry: LedgerEntry, taken: int, at: datetime) -> None:
    if entry.event_id is None or entry.rule_version_id is None:
        return
    row = {
        "suspicion_id": suspicion.id,
        "member_id": entry.account.member_id,
        "event_id": entry.event_id,
        "rule_version_id": entry.rule_version_id,
        "growth": 0,
        "points": 0,
        "was_paid": True,
        "held_at": at,
    }
    insert_new(HeldEarning, row)
    if taken:
        mine = update(HeldEarning).where(
            HeldEarning.event_id == entry.event_id, HeldEarning.rule_version_id == entry.rule_version_id
        )
        changed(mine.values(points=taken))


def _members(suspicion: Suspicion) -> list[int]:
    query = select(SuspectMember.member_id).where(SuspectMember.suspicion_id == suspicion.id)
    return list(db.session.scalars(query.order_by(SuspectMember.member_id)))
