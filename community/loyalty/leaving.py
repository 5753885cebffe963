"""What the ledger knows about a person, for the export of one's data. It is kept, without a name, when the person leaves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons.accounts.models import User
from commons.db import db
from community.loyalty.accounts import balances
from community.loyalty.models import Currency, LedgerAccount, LedgerEntry, RuleVersion
from community.loyalty.standing import history, standing
from community.loyalty.watching import appealing, held
from community.members.models import Member
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """Balances, level, the steps that led there, and every entry with its reason."""
    member = member_of(user)
    if member is None:
        return {}
    amounts = balances([member.id])
    return {
        "loyalty": {
            "balances": {currency.value: amounts[member.id, currency] for currency in Currency},
            "level": str(standing(member).level.name),
            "levels": [{"at": step.changed_at.isoformat(), "level": str(step.level.name)} for step in history(member)],
            "entries": [_entry(entry) for entry in _entries(member)],
            "held": held.told_of(member.id),
            "appeals": appealing.told_of(member.id),
        }
    }


def _entries(member: Member) -> list[LedgerEntry]:
    reason = joinedload(LedgerEntry.rule_version).joinedload(RuleVersion.rule), joinedload(LedgerEntry.event)
    query = select(LedgerEntry).join(LedgerEntry.account).where(LedgerAccount.member_id == member.id)
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
