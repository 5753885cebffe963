"""What a fact earns under terms, as credits for the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from commons.events import Event
from community.loyalty.accounts import Accounts
from community.loyalty.ledger import Credit
from community.loyalty.models import Currency
from community.loyalty.rules.verdicts import Terms


def withheld(credit: Credit, since: datetime, at: datetime) -> Credit:
    """The credit as it is paid `at` last: what expires lasts as much longer as it was withheld."""
    lasts = credit.expires_at + (at - since) if credit.expires_at is not None else None
    return replace(credit, expires_at=lasts, recorded_at=at)


def credits_of(locked: Accounts, fact: Event, terms: Terms) -> Iterator[Credit]:
    """One credit for each currency that the terms pay; the member's accounts are locked."""
    assert fact.member_id is not None
    expires = {Currency.GROWTH: None, Currency.POINTS: terms.expiry(fact.occurred_at)}
    for currency, amount in ((Currency.GROWTH, terms.growth), (Currency.POINTS, terms.points)):
        if amount > 0:
            yield Credit(
                account=locked[fact.member_id, currency],
                amount=amount,
                key=f"{terms.code}:{fact.id}:{currency}",
                at=fact.occurred_at,
                expires_at=expires[currency],
                event_id=fact.id,
                rule_version_id=terms.version_id,
                recorded_at=fact.learnt_at,
                available_at=terms.available(fact.occurred_at),
                evidence=fact.evidence,
                actor_id=fact.actor_id,
            )
