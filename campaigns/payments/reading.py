"""Finding payments, and what pages and tables show of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from campaigns.payments.models import Mismatch, Payment, PaymentState, Receipt, Refund, RefundState
from campaigns.payments.settling import named
from campaigns.payments.slots import words_of
from commons.db import db
from commons.money import Money
from community.members.models import Member

PAGE = 30
LONGEST_ASKED = 80


@dataclass(frozen=True)
class Filter:
    """Which payments to show: by state, way to pay, and a reference, a number of the provider or the fan's name."""

    state: PaymentState | None = None
    provider: str = ""
    words: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Filter:
        """Out of an address; what makes no sense is left out."""
        state = args.get("state", "")
        known = PaymentState(state) if state in set(PaymentState) else None
        return cls(known, args.get("provider", "")[:32], args.get("q", "").replace("\0", "").strip()[:LONGEST_ASKED])

    def asked(self) -> dict[str, str]:
        """The same as parts of an address."""
        parts = {"state": self.state.value if self.state else "", "provider": self.provider, "q": self.words}
        return {name: value for name, value in parts.items() if value}


def query(chosen: Filter) -> Select[Payment]:
    """The payments that fit, the newest first."""
    found = select(Payment).options(joinedload(Payment.member))
    if chosen.state is not None:
        found = found.where(Payment.state == chosen.state)
    if chosen.provider:
        found = found.where(Payment.provider == chosen.provider)
    if chosen.words:
        found = found.where(_says(chosen.words))
    return found.order_by(Payment.asked_at.desc(), Payment.id.desc())


def of_member(member: Member) -> Select[Payment]:
    return Payment.of_member(member).order_by(Payment.asked_at.desc(), Payment.id.desc())


def receipts_of(payment: Payment) -> Sequence[Receipt]:
    loaded = (joinedload(Receipt.taken_by), joinedload(Receipt.proof_picture))
    found = select(Receipt).where(Receipt.payment_id == payment.id).options(*loaded)
    return db.session.scalars(found.order_by(Receipt.recorded_at, Receipt.id)).all()


def refunds_of(payment: Payment) -> Sequence[Refund]:
    loaded = (joinedload(Refund.asked_by), joinedload(Refund.done_by))
    found = select(Refund).where(Refund.payment_id == payment.id).options(*loaded)
    return db.session.scalars(found.order_by(Refund.asked_at, Refund.id)).all()


def mismatches_of(payment: Payment) -> Sequence[Mismatch]:
    found = select(Mismatch).where(Mismatch.payment_id == payment.id).options(joinedload(Mismatch.settled_by))
    return db.session.scalars(found.order_by(Mismatch.recorded_at, Mismatch.id)).all()


def money_of(payment_ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """By payment: what came in and what is promised back or gone, in minor units of what was asked."""
    sums = select(Receipt.payment_id, func.sum(Receipt.amount_minor), func.sum(Receipt.refunded_minor))
    mine = sums.join(Payment, Payment.id == Receipt.payment_id).where(
        Receipt.payment_id.in_(payment_ids), Receipt.currency == Payment.currency
    )
    return {of: (int(came), int(gone)) for of, came, gone in db.session.execute(mine.group_by(Receipt.payment_id))}


def mismatches(settled: bool) -> Select[Mismatch]:
    """Money that waits for a person, the oldest first; or what was settled, the newest first."""
    found = select(Mismatch).options(joinedload(Mismatch.payment), joinedload(Mismatch.settled_by))
    if settled:
        return found.where(Mismatch.settled_at.is_not(None)).order_by(Mismatch.settled_at.desc(), Mismatch.id.desc())
    return found.where(Mismatch.settled_at.is_(None)).order_by(Mismatch.recorded_at, Mismatch.id)


def refunds(waiting: bool) -> Select[Refund]:
    """Refunds that wait for a person, the oldest first; or all others, the newest first."""
    loaded = (joinedload(Refund.payment).joinedload(Payment.member), joinedload(Refund.receipt))
    found = select(Refund).options(*loaded)
    if waiting:
        return found.where(_needs_a_person()).order_by(Refund.asked_at, Refund.id)
    return found.where(~_needs_a_person()).order_by(Refund.asked_at.desc(), Refund.id.desc())


def waiting_refunds() -> int:
    return db.session.scalar(select(func.count()).select_from(Refund).where(_needs_a_person())) or 0


def rows(chosen: Filter) -> Iterator[tuple[object, ...]]:
    """All payments that fit, as rows for a table file, the heading first; moments in UTC."""
    yield (
        "payment", "for", "fan", "provider", "state", "asked", "received", "sent_back", "currency", "asked_at",
        "expires_at", "paid_at",
    )  # fmt: skip
    asked = db.session.scalars(query(chosen).execution_options(yield_per=500))
    for some in asked.partitions(500):
        money = money_of([one.id for one in some])
        for one in some:
            came, gone = money.get(one.id, (0, 0))
            yield (
                one.public_id, words_of(one)[0], one.member.name, one.provider, one.state.value, one.amount.amount,
                Money(came, one.currency).amount, Money(gone, one.currency).amount, one.currency,
                one.asked_at.isoformat(), one.expires_at.isoformat(), _iso(one.paid_at),
            )  # fmt: skip


def _says(words: str) -> Any:
    """A reference, a provider's number, or a part of the fan's name."""
    payment = named(words)
    number = select(Receipt.payment_id).where(Receipt.external_id == words)
    members = select(Member.id).where(Member.name.contains(words, autoescape=True))
    return or_(
        Payment.id == (payment.id if payment is not None else 0),
        Payment.id.in_(number),
        Payment.member_id.in_(members),
    )


def _needs_a_person() -> Any:
    by_hand = and_(Refund.state == RefundState.WAITING, Refund.by_hand_at.is_not(None))
    return or_(Refund.state == RefundState.FAILED, by_hand)


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment is not None else ""
