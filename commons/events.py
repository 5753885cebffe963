"""The one stream of facts. Points, participation, audit and timelines read it and are written from nowhere else.

A fact and its consequences commit together: `track` tells the readers (slot `readers`) within the same transaction.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from commons import clock
from commons.db import BigId, Model, db, index_of_filled, insert_new, word_enum
from commons.slots import Slot


class Evidence(enum.StrEnum):
    """How well a fact is proven, strongest first."""

    NETWORK = "network"
    TRACKED_LINK = "tracked_link"
    STAFF = "staff"
    SELF_DECLARED = "self_declared"

    @property
    def strength(self) -> int:
        """4 (seen by the network itself) down to 1 (somebody says so)."""
        return 4 - list(Evidence).index(self)

    def reaches(self, needed: Evidence) -> bool:
        return self.strength >= needed.strength


class Event(Model):
    """One fact, never changed. Ids of members and campaigns are plain numbers: facts outlive what they speak of."""

    __tablename__ = "event"
    __table_args__ = (
        index_of_filled("ix_event_member_id_kind_occurred_at", "member_id", "kind", "occurred_at", beside=["id"]),
        index_of_filled("ix_event_campaign_id_occurred_at", "campaign_id", "occurred_at"),
        Index("ix_event_subject_type_subject_id", "subject_type", "subject_id"),
        index_of_filled("ix_event_actor_id_occurred_at", "actor_id", "occurred_at"),
    )

    kind: Mapped[str] = mapped_column(String(64))
    member_id: Mapped[int | None] = mapped_column(BigId)
    actor_id: Mapped[int | None] = mapped_column(BigId)
    subject_type: Mapped[str | None] = mapped_column(String(32))
    subject_id: Mapped[int | None] = mapped_column(BigId)
    campaign_id: Mapped[int | None] = mapped_column(BigId)
    evidence: Mapped[Evidence] = mapped_column(word_enum(Evidence), default=Evidence.NETWORK)
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    key: Mapped[str] = mapped_column(String(160), unique=True)

    @property
    def learnt_at(self) -> datetime:
        """When it became known for its member: as it was recorded, or later, where whose it is turned out later."""
        return self.__dict__.get("_learnt_at") or self.recorded_at


readers: Slot[Callable[[Sequence[Event]], None]] = Slot("what follows from facts: called with the new ones, in order")


def track(
    kind: str,
    *,
    key: str,
    at: datetime,
    member_id: int | None = None,
    actor_id: int | None = None,
    subject: Model | None = None,
    campaign_id: int | None = None,
    evidence: Evidence = Evidence.NETWORK,
    payload: Mapping[str, Any] | None = None,
) -> Event | None:
    """Write one fact and tell the readers; None when a fact with this `key` is already there (nothing happens then).

    `at` is when it happened; `actor_id` is the user who acted where that is not the member himself (a staff act).
    `subject` must be flushed (it needs its id).
    """
    row = {
        "kind": kind,
        "member_id": member_id,
        "actor_id": actor_id,
        "subject_type": subject.__tablename__ if subject is not None else None,
        "subject_id": subject.id if subject is not None else None,
        "campaign_id": campaign_id,
        "evidence": evidence,
        "occurred_at": at,
        "recorded_at": clock.now(),
        "payload": dict(payload or {}),
        "key": key,
    }
    event_id = insert_new(Event, row)
    if event_id is None:
        return None
    event = db.session.get_one(Event, event_id)
    tell([event])
    return event


def tell(events: Sequence[Event], learnt_at: datetime | None = None) -> None:
    """Let every reader draw its consequences from facts just written. Bulk writers call it themselves.

    `learnt_at`: they had been written before, as nobody's, and it became known only then whose they are.
    """
    for event in events:
        event.__dict__["_learnt_at"] = learnt_at
    for reader in readers:
        reader(events)


def of_subject(subject: Model) -> Sequence[Event]:
    """All facts about one thing, oldest first: its timeline."""
    query = select(Event).where(Event.subject_type == subject.__tablename__, Event.subject_id == subject.id)
    return db.session.scalars(query.order_by(Event.occurred_at, Event.id)).all()


def latest(kind: str, *, member_id: int, subject: Model) -> Event | None:
    """The newest fact of this kind that ties the member to the subject."""
    query = select(Event).where(
        Event.kind == kind,
        Event.member_id == member_id,
        Event.subject_type == subject.__tablename__,
        Event.subject_id == subject.id,
    )
    return db.session.scalars(query.order_by(Event.id.desc()).limit(1)).one_or_none()
