"""What the ledger knows about a person, for the export of one's data. It is kept, without a name, when the person leaves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons.accounts.models import User
from commons.db import db
from community.loyalty import accounts, prospects
from community.loyalty.levels.models import LevelGrace, LevelLock
from community.loyalty.levels.standing import history, standing
from community.loyalty.models import Currency, LedgerAccount, LedgerEntry, LevelChange, RuleVersion
from community.loyalty.ranking.noting import scores_of
from community.loyalty.watching import appealing, held
from community.members.merging import finding
from community.members.models import Member
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """Balances, level, the steps that led there, every entry with its reason, and growth as it stands on leaderboards."""
    member = member_of(user)
    if member is None:
        return {}
    return {
        "loyalty": {
            **_amounts(member),
            "level": str(standing(member).level.name),
            "levels": [_step(step) for step in history(member)],
            "levels_in_danger": [_grace(grace) for grace in _of(LevelGrace, member)],
            "levels_set_by_hand": [_lock(lock) for lock in _of(LevelLock, member)],
            "entries": [_entry(entry) for entry in _entries(member)],
            "growth_by_period": scores_of(member.id),
            "looked_at": held.suspected(member.id),
            "held": held.told_of(member.id),
            "appeals": appealing.told_of(member.id),
        }
    }


def _amounts(member: Member) -> dict[str, Any]:
    amounts, points = accounts.balances([member.id]), prospects.points_of(member)
    return {
        "balances": {currency.value: amounts[member.id, currency] for currency in Currency},
        "points_by_month_of_expiry": {str(part.day or "never"): part.points for part in points.available},
        "points_pending_until": {str(part.day): part.points for part in points.pending},
        "points_owed": points.owed,
    }


def _of(model: Any, member: Member) -> list[Any]:
    """The rows of the member and of who is part of the member, for they stay with the self for whom they were written."""
    query = select(model).where(model.member_id.in_(finding.selves_of(member))).order_by(model.id)
    return list(db.session.scalars(query.options(joinedload(model.level))))


def _step(step: LevelChange) -> dict[str, Any]:
    words = {"level": str(step.level.name), "because": step.cause.value, "note": step.note}
    return {"at": step.changed_at.isoformat(), **words}


def _grace(grace: LevelGrace) -> dict[str, Any]:
    return {
        "level": str(grace.level.name),
        "told_at": grace.began_at.isoformat(),
        "until": grace.ends_at.isoformat(),
        "over_at": grace.closed_at.isoformat() if grace.closed_at else None,
        "was_lost": grace.fell,
    }


def _lock(lock: LevelLock) -> dict[str, Any]:
    return {
        "level": str(lock.level.name),
        "reason": lock.reason,
        "at": lock.made_at.isoformat(),
        "until": lock.until.isoformat() if lock.until else None,
        "ended_at": lock.ended_at.isoformat() if lock.ended_at else None,
    }


def _entries(member: Member) -> list[LedgerEntry]:
    reason = joinedload(LedgerEntry.rule_version).joinedload(RuleVersion.rule), joinedload(LedgerEntry.event)
    query = select(LedgerEntry).join(LedgerEntry.account).where(LedgerAccount.member_id.in_(finding.selves_of(member)))
    return list(db.session.scalars(query.options(*reason).order_by(LedgerEntry.id)))


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    version = entry.rule_version
    return {
        "at": entry.occurred_at.isoformat(),
        "kind": entry.kind.value,
        "currency": entry.account.currency.value,
        "amount": entry.amount,
        "fact": entry.event.kind if entry.event else None,
        "evidence": entry.evidence.value,
        "rule": {"name": str(version.rule.name), "version": version.number} if version else None,
        "note": entry.note,
    }
