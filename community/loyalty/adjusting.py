"""Adjustments by hand: with a reason, on record, once."""

from __future__ import annotations

from datetime import datetime

from commons import events
from commons.accounts.models import User
from commons.events import Evidence
from community.loyalty import ledger
from community.loyalty.models import Currency, LedgerEntry
from community.members.models import Member


def adjust(
    member: Member, currency: Currency, amount: int, *, token: str, note: str, by: User, at: datetime
) -> LedgerEntry:
    """Adjust a balance by the signed `amount`; sent twice with the same `token` it happens once. Raises `NotEnough`."""
    key = f"adjust:{member.public_id}:{token}"
    entry = ledger.adjust(member, currency, amount, key=key, by=by, at=at, note=note)
    events.track(
        "loyalty.adjusted",
        key=f"loyalty.adjusted:{entry.id}",
        at=entry.occurred_at,
        member_id=member.id,
        actor_id=by.id,
        subject=member,
        evidence=Evidence.STAFF,
        payload={"currency": currency.value, "amount": f"{amount:+d}", "note": note},
    )
    return entry
