"""The proof that nothing is lost or doubled: receipts less refunds are what is held, by every payment and in all.

Three things are kept that must say the same: the rows of receipts and refunds, the sum that each receipt has promised back
(changed by conditional update), and the stream of facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import ngettext
from sqlalchemy import Integer, Subquery, case, cast, exists, func, select

from campaigns.payments.books.models import PaymentProof
from campaigns.payments.models import Payment, PaymentState, Receipt, ReceiptKind, Refund, RefundState
from commons.db import db
from commons.events import Event
from commons.proofs import Nights, count_of, sum_by

KEPT = 100
STUCK = timedelta(days=1)

_nights = Nights(PaymentProof)
nights, latest, is_due = _nights.newest, _nights.latest, _nights.is_due


@dataclass(frozen=True)
class Difference:
    """Two numbers that should be one; `payment` is where to look."""

    what: str
    payment: str
    expected: int
    found: int


@dataclass(frozen=True)
class Total:
    """What came in by one provider in one currency, what went back, what is promised back, and what is held."""

    provider: str
    currency: str
    received: int
    sent_back: int
    promised: int

    @property
    def held(self) -> int:
        return self.received - self.sent_back


def reconcile(at: datetime) -> list[Difference]:
    """Every difference; an empty list is the proof that there is none."""
    return [*_promised(), *_facts(), *_unpaid(), *_stuck(at)]


def check(at: datetime) -> PaymentProof:
    """Reconcile and write down the outcome, with what was compared."""
    differences: list[Any] = [asdict(one) for one in reconcile(at)[:KEPT]]
    proof = PaymentProof(
        payments=count_of(Payment),
        receipts=count_of(Receipt),
        refunds=count_of(Refund),
        totals=[asdict(total) | {"held": total.held} for total in totals()],
        differences=differences,
        checked_at=at,
    )
    db.session.add(proof)
    db.session.flush()
    return proof


def totals() -> Sequence[Total]:
    """By provider and currency, from the rows themselves."""
    came: dict[tuple[str, str], int] = {
        (name, currency): int(minor)
        for name, currency, minor in db.session.execute(
            select(Receipt.provider, Receipt.currency, func.sum(Receipt.amount_minor)).group_by(
                Receipt.provider, Receipt.currency
            )
        )
    }
    back = _back()
    return [
        Total(name, currency, minor, *back.get((name, currency), (0, 0)))
        for (name, currency), minor in sorted(came.items())
    ]


def complaint(_at: datetime) -> str | None:
    """The sentence for the health page when the newest outcome is not clean."""
    proof = latest()
    if proof is None or not proof.differences:
        return None
    number = len(proof.differences)
    return str(
        ngettext("Payments do not add up: %(num)s difference", "Payments do not add up: %(num)s differences", number)
    )


def _promised() -> Iterator[Difference]:
    """What a receipt has promised back is what its refunds come to."""
    asked = sum_by(Refund.receipt_id, Refund.amount_minor)
    counted = func.coalesce(asked.c.total, 0)
    query = (
        select(Payment.public_id, Receipt.refunded_minor, counted)
        .select_from(Receipt)
        .join(Payment, Payment.id == Receipt.payment_id)
        .outerjoin(asked, asked.c.of == Receipt.id)
        .where(Receipt.refunded_minor != counted)
    )
    return (Difference("promised", *row) for row in db.session.execute(query))


def _facts() -> Iterator[Difference]:
    """By payment: what is held by the rows is what the facts say came in less what they say went back."""
    came, back = sum_by(Receipt.payment_id, Receipt.amount_minor), _sum_of_done()
    told = _told()
    rows = func.coalesce(came.c.total, 0) - func.coalesce(back.c.total, 0)
    facts = func.coalesce(told.c.total, 0)
    query = (
        select(Payment.public_id, rows, facts)
        .outerjoin(came, came.c.of == Payment.id)
        .outerjoin(back, back.c.of == Payment.id)
        .outerjoin(told, told.c.of == Payment.id)
        .where(rows != facts)
    )
    return (Difference("held", name, int(held), int(said)) for name, held, said in db.session.execute(query))


def _unpaid() -> Iterator[Difference]:
    """A payment that is paid has exactly one receipt in time, and no other has one."""
    in_time = select(func.count()).where(Receipt.payment_id == Payment.id, Receipt.kind == ReceiptKind.IN_TIME)
    found = in_time.scalar_subquery()
    wanted = case((Payment.state == PaymentState.PAID, 1), else_=0)
    query = select(Payment.public_id, wanted, found).where(wanted != found)
    return (Difference("paid", *row) for row in db.session.execute(query))


def _stuck(at: datetime) -> Iterator[Difference]:
    """A refund on its way is settled within a day, or waits for a person."""
    moving = Refund.state.in_([RefundState.WAITING, RefundState.SENT]) & Refund.by_hand_at.is_(None)
    old = exists().where(Refund.payment_id == Payment.id, moving, Refund.asked_at < at - STUCK)
    return (Difference("stuck", name, 0, 1) for name in db.session.scalars(select(Payment.public_id).where(old)))


def _back() -> dict[tuple[str, str], tuple[int, int]]:
    """By provider and currency: what went back, and what else is promised."""
    done = func.sum(case((Refund.state == RefundState.DONE, Refund.amount_minor), else_=0))
    open_ = func.sum(case((Refund.state == RefundState.DONE, 0), else_=Refund.amount_minor))
    query = select(Receipt.provider, Receipt.currency, done, open_).join(Receipt, Receipt.id == Refund.receipt_id)
    rows = db.session.execute(query.group_by(Receipt.provider, Receipt.currency))
    return {(name, currency): (int(gone), int(promised)) for name, currency, gone, promised in rows}


def _sum_of_done() -> Subquery:
    done = select(Refund.payment_id.label("of"), func.sum(Refund.amount_minor).label("total"))
    return done.where(Refund.state == RefundState.DONE).group_by(Refund.payment_id).subquery()


def _told() -> Subquery:
    """By payment, what the stream of facts says is held."""
    minor = cast(Event.payload["minor"].as_string(), Integer)
    signed = case((Event.kind == "payment.received", minor), else_=-minor)
    facts = select(Event.subject_id.label("of"), func.sum(signed).label("total"))
    about = (Event.subject_type == Payment.__tablename__, Event.kind.in_(["payment.received", "payment.refunded"]))
    return facts.where(*about).group_by(Event.subject_id).subquery()
