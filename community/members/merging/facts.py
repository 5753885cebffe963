"""Facts that go from one member to another. What they say is never changed, only whose they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Select, select, update

from commons import events
from commons.db import db
from commons.events import Event
from commons.slots import Slot
from community.members.merging import moving, rows
from community.members.models import Handle

AT_ONCE = 1000

of_handles: Slot[Callable[[Sequence[int]], Select[int]]] = Slot(
    "(handle ids) → the ids of all facts that belong to whoever these handles are"
)

joined: Slot[Callable[[Handle, datetime], None]] = Slot("a handle that was nobody's has become a member's")


def handles_of(member_id: int) -> Sequence[int]:
    """The ids of the member's handles."""
    return db.session.scalars(select(Handle.id).where(Handle.member_id == member_id)).all()


def follow_handles(handle_ids: Sequence[int], from_id: int | None, to_id: int) -> list[int]:
    """What the handles brought about belongs to another member from now on; the ids of the facts. None: nobody's so far."""
    moved: list[int] = []
    whose = Event.member_id == from_id if from_id is not None else Event.member_id.is_(None)
    for plug in of_handles:
        going = update(Event).where(whose, Event.id.in_(plug(handle_ids))).values(member_id=to_id).returning(Event.id)
        moved += db.session.scalars(going.execution_options(synchronize_session=False))
    db.session.expire_all()
    return moved


def learn(fact_ids: Sequence[int], at: datetime) -> None:
    """Facts have become a member's: whatever follows from facts follows now, in the order in which they happened."""
    found: list[Event] = []
    for start in range(0, len(fact_ids), AT_ONCE):
        found += db.session.scalars(select(Event).where(Event.id.in_(fact_ids[start : start + AT_ONCE])))
    if found:
        events.tell(sorted(found, key=lambda fact: (fact.occurred_at, fact.id)), learnt_at=at)


def parted(from_id: int, to_id: int, key: str, at: datetime) -> None:
    """Facts went from one member to another: what is about them and what came of them follows."""
    for rule in moving.plain():
        rows.follow_facts(rule, from_id, to_id)
    db.session.expire_all()
    for room in moving.special():
        room.part(from_id, to_id, key, at)
    for room in moving.special():
        room.settle([from_id, to_id], at)
