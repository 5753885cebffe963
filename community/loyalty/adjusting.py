"""What people do to balances by hand: with a reason, on record, once."""

from __future__ import annotations

from datetime import datetime

from commons import events
from commons.accounts.models import User
from commons.events import Evidence
from community.loyalty import ledger, pending
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


def confirm(entry: LedgerEntry, *, note: str, by: User, at: datetime) -> bool:
    """A person takes what `entry` credited as proven, and it is available from now on. False if it was already."""
    if not pending.prove(entry, at=at, by=by):
        return False
    _on_record("loyalty.confirmed", entry, entry.amount, note, by, at)
    return True


def take_back(entry: LedgerEntry, *, note: str, by: User, at: datetime) -> LedgerEntry:
    """A person undoes `entry`; a second time nothing happens. Raises `Invalid` for what cannot be undone."""
    undone = ledger.reverse(entry, at=at, by=by, note=note)
    _on_record("loyalty.taken_back", entry, undone.amount, note, by, undone.occurred_at)
    return undone


def _on_record(kind: str, entry: LedgerEntry, amount: int, note: str, by: User, at: datetime) -> None:
    events.track(
        kind,
        key=f"{kind}:{entry.id}",
        at=at,
        member_id=entry.account.member_id,
        actor_id=by.id,
        subject=entry.account.member,
        evidence=Evidence.STAFF,
        payload={"currency": entry.account.currency.value, "amount": f"{amount:+d}", "note": note},
    )
