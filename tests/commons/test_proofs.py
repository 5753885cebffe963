"""When the proof of a night is due."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask

from campaigns.payments.books.models import PaymentProof
from commons.db import db
from commons.proofs import Nights

BERLIN = "Europe/Berlin"
nights = Nights(PaymentProof)


def proven(at: datetime) -> PaymentProof:
    proof = PaymentProof(payments=0, receipts=0, refunds=0, checked_at=at)
    db.session.add(proof)
    db.session.flush()
    return proof


def test_a_night_begins_at_three_by_the_clock_on_the_wall_also_when_clocks_go_forward(app: Flask) -> None:
    proven(datetime(2026, 3, 28, 22, tzinfo=UTC))  # 23:00; at two in the morning it will be three

    assert not nights.is_due(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), BERLIN)
    assert nights.is_due(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), BERLIN)


def test_without_any_proof_one_is_due_and_the_newest_is_the_last_that_was_made(app: Flask) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert nights.is_due(at, BERLIN)
    proven(at)

    newest = proven(datetime(2026, 3, 2, 4, tzinfo=UTC))

    assert nights.latest() is newest
    assert not nights.is_due(datetime(2026, 3, 2, 23, tzinfo=UTC), BERLIN)
