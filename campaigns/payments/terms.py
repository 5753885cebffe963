"""What payers are told, by provider and offer: how to pay by hand, and where the shop is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from campaigns.payments.models import Payment, PaymentTerms
from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new

REFERENCE, AMOUNT = "{reference}", "{amount}"
"""Where the address of a shop says which payment it is, and how much."""


@dataclass(frozen=True)
class Told:
    """What holds for one payment; empty where nothing was entered."""

    instructions: str = ""
    shop_url: str = ""


def of_payment(payment: Payment) -> Told:
    """The terms of its offer; what they leave empty is filled from those that hold for all offers."""
    own, usual = entered(payment.provider, payment.offer), entered(payment.provider, "")
    shop_url = own.shop_url or usual.shop_url
    filled = shop_url.replace(REFERENCE, payment.public_id).replace(AMOUNT, str(payment.amount.amount))
    return Told(own.instructions or usual.instructions, filled)


def found(provider: str, offer: str) -> PaymentTerms | None:
    query = select(PaymentTerms).where(PaymentTerms.provider == provider, PaymentTerms.offer == offer)
    return db.session.scalars(query).one_or_none()


def write(provider: str, offer: str, told: Told, *, by: User, at: datetime) -> PaymentTerms:
    """From now on payers are told this."""
    insert_new(PaymentTerms, {"provider": provider, "offer": offer, "changed_at": at})
    terms = found(provider, offer)
    assert terms is not None
    terms.instructions, terms.shop_url = told.instructions.strip(), told.shop_url.strip()
    terms.changed_at, terms.changed_by_id = at, by.id
    db.session.flush()
    payload = {"provider": provider, "offer": offer}
    kind = "payment.terms_changed"
    events.track(kind, key=f"{kind}:{terms.id}:{at.isoformat()}", at=at, actor_id=by.id, subject=terms, payload=payload)
    return terms


def entered(provider: str, offer: str) -> Told:
    """What was entered for this provider and offer alone."""
    terms = found(provider, offer)
    return Told(terms.instructions, terms.shop_url) if terms is not None else Told()
