"""What still needs a picture or a video: whatever row of whatever room refers to it, read off the tables themselves.

A room that names one without a foreign key (in JSON, say) tells so through `needed_besides`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, exists, not_, or_

from commons import events
from commons.db import Base, db
from commons.events import Event
from commons.media.models import Picture, Video
from commons.slots import Slot

Kind = type[Picture] | type[Video]

LET_GO = "media.let_go"

needed_besides: Slot[Callable[[], Collection[str]]] = Slot(
    "the public ids of pictures and videos that are needed without a foreign key saying so"
)


def references(kind: Kind) -> Iterator[Column[Any]]:
    """Every column of every table that points at a picture, or at a video. A new room needs to tell nobody."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is kind.__table__.c.id:
                yield key.parent


def is_used(kind: Kind) -> ColumnElement[bool]:
    """Whether anything refers to a row."""
    besides = {public_id for needed in needed_besides for public_id in needed()}
    return or_(kind.public_id.in_(besides), *(exists().where(column == kind.id) for column in references(kind)))


def is_idle(kind: Kind, since: datetime) -> ColumnElement[bool]:
    """Whether a row came in before `since`, nothing refers to it, and nothing has let go of it after that either."""
    of_it = and_(Event.subject_type == kind.__tablename__, Event.subject_id == kind.id)
    let_go = exists().where(of_it, Event.kind == LET_GO, Event.occurred_at >= since)
    return and_(kind.uploaded_at < since, not_(is_used(kind)), not_(let_go))


def users_of(what: Picture | Video) -> list[tuple[str, int]]:
    """The tables that refer to this one, each with how many rows do."""
    found = []
    for column in references(type(what)):
        count = db.session.query(column).filter(column == what.id).count()
        if count:
            found.append((column.table.name, count))
    return found


def let_go(what: Picture | Video, at: datetime) -> None:
    """Note that something no longer needs it: from now on it has its full time until it is swept away."""
    key = f"{LET_GO}:{what.public_id}:{at.isoformat()}"
    events.track(LET_GO, key=key, at=at, subject=what, payload={"name": what.name})
