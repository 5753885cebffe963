"""What the checks before publishing found: one row from when it was first seen until a later check no longer sees it."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, select
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from campaigns.publishing.models import Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import Model, db, word_enum

STILL_TO_GO = (
    DeliveryState.SCHEDULED,
    DeliveryState.IN_REVIEW,
    DeliveryState.APPROVED,
    DeliveryState.HELD,
)


class Stage(enum.StrEnum):
    """When a check was made: when it was planned or asked for, a day before, half an hour before."""

    ASKED = "asked"
    DAY = "day"
    HALF_HOUR = "half_hour"


class Word(enum.StrEnum):
    """What was found; the sentence and the button for each stand in `finding_words`."""

    DISCONNECTED = "disconnected"
    SIGN_IN = "sign_in"
    ENDS_BEFORE = "ends_before"
    NO_ANSWER = "no_answer"
    FILE_GONE = "file_gone"
    FILE_BROKEN = "file_broken"
    LACKING = "lacking"
    LINK = "link"
    ADDRESS = "address"
    TOO_CLOSE = "too_close"
    ALIKE = "alike"
    NOT_APPROVED = "not_approved"
    RUNS_OUT = "runs_out"
    OFFER_GONE = "offer_gone"
    OFFER_OVER = "offer_over"
    SOLD_OUT = "sold_out"


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that a check sees now. `grave`: it will not go out like this; else a person should look at it."""

    word: Word
    grave: bool = True
    about: dict[str, Any] = field(default_factory=dict)


class Finding(Model):
    """One thing that stands in the way of a delivery. `about` fills the gaps of its sentence."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_delivery_id_cleared_at", "delivery_id", "cleared_at"),)

    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    stage: Mapped[Stage] = mapped_column(word_enum(Stage))
    word: Mapped[Word] = mapped_column(word_enum(Word))
    grave: Mapped[bool] = mapped_column(default=True)
    about: Mapped[dict[str, Any]] = mapped_column(default=dict)
    found_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]

    delivery: Mapped[Delivery] = relationship()


def note(delivery: Delivery, stage: Stage, seen: Iterable[Seen], at: datetime) -> list[Finding]:
    """Write down what a check saw. Whatever it no longer saw is cleared; the new findings come back. Flushed."""
    open_ones = {_key(one): one for one in open_of(delivery)}
    now = {_key(one): one for one in seen}
    for key, finding in open_ones.items():
        if key in now:
            finding.about = now[key].about
        else:
            finding.cleared_at = at
    fresh = [
        Finding(delivery=delivery, stage=stage, word=one.word, grave=one.grave, about=one.about, found_at=at)
        for key, one in now.items()
        if key not in open_ones
    ]
    db.session.add_all(fresh)
    db.session.flush()
    return fresh


def open_of(delivery: Delivery) -> Sequence[Finding]:
    """What stands in the way of a delivery, the gravest first; nothing any more once it is on its way or over."""
    if delivery.state not in STILL_TO_GO:
        return []
    query = select(Finding).where(Finding.delivery_id == delivery.id, Finding.cleared_at.is_(None))
    return db.session.scalars(query.order_by(Finding.grave.desc(), Finding.id)).all()


def open_for(user: User, limit: int) -> Sequence[Finding]:
    """What stands in the way of all that has yet to go out, what goes out next first."""
    query = _still_to_go(user).order_by(Delivery.due_at, Finding.grave.desc(), Finding.id).limit(limit)
    return db.session.scalars(query).unique().all()


def _still_to_go(user: User) -> Select[Finding]:
    mine = Delivery.visible_to(user).with_only_columns(Delivery.id)
    return (
        select(Finding)
        .join(Finding.delivery)
        .join(Delivery.post)
        .where(Finding.cleared_at.is_(None), Delivery.state.in_(STILL_TO_GO), Delivery.id.in_(mine))
        .options(contains_eager(Finding.delivery).contains_eager(Delivery.post))
    )


def _key(one: Seen | Finding) -> tuple[Word, frozenset[tuple[str, str]]]:
    """What makes two of them the same: all but why, which the far end puts into other words each time."""
    return one.word, frozenset((name, str(value)) for name, value in one.about.items() if name != "why")
