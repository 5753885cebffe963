"""A delivery, its parts and its tries, as they are now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from campaigns.publishing.models import Attempt, AttemptKind, AttemptOutcome, Delivery, DeliveryPart
from campaigns.publishing.verdicts import Try
from commons.db import db


def locked(delivery_id: int) -> Delivery | None:
    """The delivery as it is now, held until the transaction ends."""
    query = select(Delivery).where(Delivery.id == delivery_id).with_for_update(of=Delivery)
    return db.session.scalar(query.execution_options(populate_existing=True))


def parts_of(delivery: Delivery) -> Sequence[DeliveryPart]:
    """Its parts in order; none before they were frozen."""
    query = select(DeliveryPart).where(DeliveryPart.delivery_id == delivery.id).order_by(DeliveryPart.number)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def part_of(delivery: Delivery, number: int) -> DeliveryPart:
    query = select(DeliveryPart).where(DeliveryPart.delivery_id == delivery.id, DeliveryPart.number == number)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def waiting_among(parts: Sequence[DeliveryPart]) -> DeliveryPart | None:
    """The first part that does not stand yet."""
    return next((part for part in parts if part.external_id is None), None)


def tries_of(delivery: Delivery, part: DeliveryPart) -> list[Try]:
    """The tries at a part in this round, oldest first. Making the requests is none: nothing left the house by it."""
    query = (
        select(Attempt.kind, Attempt.outcome, Attempt.started_at)
        .where(Attempt.delivery_id == delivery.id, Attempt.round == delivery.round, Attempt.part == part.number)
        .where(Attempt.kind != AttemptKind.FREEZE)
        .order_by(Attempt.number)
    )
    return [Try(row.kind, row.outcome, row.started_at) for row in db.session.execute(query)]


def progress_of(delivery: Delivery, part: DeliveryPart) -> dict[str, Any]:
    """What the latest try at the part had reached."""
    query = (
        select(Attempt.progress)
        .where(Attempt.delivery_id == delivery.id, Attempt.round == delivery.round, Attempt.part == part.number)
        .order_by(Attempt.number.desc())
    )
    return dict(db.session.scalars(query.limit(1)).first() or {})


def note(
    delivery: Delivery, kind: AttemptKind, outcome: AttemptOutcome, answer: str, at: datetime, *, part: int = 1
) -> None:
    """Write down a try that is over at once, as nothing is called for it. Flushed."""
    attempt = Attempt(
        delivery=delivery,
        number=next_number(delivery),
        round=delivery.round,
        part=part,
        kind=kind,
        request={},
        started_at=at,
    )
    attempt.end(outcome, answer, at)
    db.session.add(attempt)
    db.session.flush()


def next_number(delivery: Delivery) -> int:
    last = db.session.scalar(select(func.max(Attempt.number)).where(Attempt.delivery_id == delivery.id))
    return (last or 0) + 1
