"""Who paid, where a provider says it: kept as a keyed mark, by which one payer of several accounts is known again."""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Collection, Iterator
from hashlib import sha256

from sqlalchemy import select

from campaigns.participation.persons.signs import Sighting, shared
from campaigns.payments.models import Payment, Receipt
from commons import bulk
from commons.crypto import derived_key
from commons.db import db


def mark_of(provider: str, payer: str) -> str:
    """32 hex digits for what `provider` calls a payer; without our key nothing leads back to that."""
    return hmac.new(derived_key("payers"), f"{provider}|{payer}".encode(), sha256).hexdigest()[:32]


def sightings(member_ids: Collection[int]) -> Iterator[Sighting]:
    """Members for whom one payer paid. The mark stands among the proofs of a receipt, and goes with them."""
    query = select(Payment.member_id, Receipt.proof).join(Payment, Payment.id == Receipt.payment_id)
    payers = defaultdict[str, set[int]](set)
    for member_id, proof in db.session.execute(query.where(bulk.among(Payment.member_id, member_ids))):
        if proof.get("payer"):
            payers[proof["payer"]].add(member_id)
    yield from shared("payer", payers.values())
