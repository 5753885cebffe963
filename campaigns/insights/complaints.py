"""Who bought again after a complaint was solved, and what counts as a complaint as long as there is no service desk.

A desk brings its cases through the slot `complaints`; these here stay beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, literal, select, union_all

from campaigns.insights import book, slots
from campaigns.insights.book import within
from campaigns.insights.periods import Period
from campaigns.intervals import Share
from commons import bulk
from commons.db import db
from community.circle.interests.models import Mediation, Report
from community.circle.interests.models import Outcome as Ended
from community.members.models import Handle
from community.reviews.models import Decision, ReviewAppeal, Submission

SOON = timedelta(days=30)
"""How long after its solution an order counts as one after the complaint."""


ROOM_WORDS = {
    "reviews": _l("A decision about what they handed in"),
    "reports": _l("What others wrote in an interest circle"),
    "mediations": _l("A dispute with another fan"),
    "desk": _l("A case of the service desk"),
}


@dataclass(frozen=True)
class Solved:
    """A person whose complaint was solved, the first in the period, and the first order within `SOON` after it, if any."""

    member_id: int
    room: str
    solved_at: datetime
    ordered_at: datetime | None
    order: str = ""


def people(period: Period) -> Sequence[Solved]:
    """Everybody of whom a complaint was solved in the period, the latest first; each person once."""
    first = _first_solved(period)
    later = _orders_of(first, period)
    found = []
    for member_id, (solved_at, room) in first.items():
        soon = [(at, name) for at, name in later.get(member_id, []) if solved_at < at <= solved_at + SOON]
        ordered_at, name = min(soon) if soon else (None, "")
        found.append(Solved(member_id, room, solved_at, ordered_at, name))
    return sorted(found, key=lambda one: (one.solved_at, one.member_id), reverse=True)


def share_of(solved: Sequence[Solved]) -> Share:
    """How many of these people bought again within `SOON`."""
    return Share(sum(one.ordered_at is not None for one in solved), len(solved))


def appeals_answered() -> Select[Any]:
    """Complaints about what was decided on somebody's words or pictures: solved with the answer, whatever it says."""
    return (
        _columns("reviews", ReviewAppeal.id, Submission.member_id, Decision.at)
        .join_from(ReviewAppeal, Submission, Submission.id == ReviewAppeal.submission_id)
        .join(Decision, Decision.id == ReviewAppeal.answer_id)
        .where(Decision.undone_at.is_(None))
    )


def reports_settled() -> Select[Any]:
    """Complaints about what others wrote in an interest circle, settled by somebody."""
    return _columns("reports", Report.id, Report.reporter_id, Report.settled_at).where(Report.settled_at.is_not(None))


def mediations_ended() -> Select[Any]:
    """Disputes in which the one who asked for a mediator and the other came to an agreement, or at least apart in peace."""
    ended = Mediation.outcome.in_([Ended.AGREED, Ended.APART])
    return (
        _columns("mediations", Mediation.id, Handle.member_id, Mediation.closed_at)
        .join_from(Mediation, Handle, Handle.id == Mediation.asker_id)
        .where(ended, Mediation.closed_at.is_not(None), Handle.member_id.is_not(None))
    )


def room_words(room: str) -> str:
    """What a complaint was about; a room that brings complaints of its own is known by its name until it has words here."""
    return str(ROOM_WORDS.get(room, room))


def _columns(room: str, *columns: Any) -> Select[Any]:
    values = (literal(room), *columns)
    return select(*(value.label(name) for value, name in zip(values, slots.COMPLAINT_COLUMNS, strict=True)))


def _first_solved(period: Period) -> dict[int, tuple[datetime, str]]:
    queries = [plug() for plug in slots.complaints]
    if not queries:
        return {}
    rows = union_all(*queries).subquery("solved")
    query = select(rows.c.member_id, rows.c.solved_at, rows.c.room).where(within(rows.c.solved_at, period))
    first: dict[int, tuple[datetime, str]] = {}
    for member_id, solved_at, room in db.session.execute(query.order_by(rows.c.solved_at, rows.c.row_id)):
        first.setdefault(member_id, (solved_at, room))
    return first


def _orders_of(members: dict[int, Any], period: Period) -> dict[int, list[tuple[datetime, str]]]:
    """When these members ordered, from the period's start until no order can count any more."""
    if not members:
        return {}
    orders = book.told()
    query = select(orders.c.member_id, orders.c.ordered_at, func.coalesce(orders.c.name, ""))
    query = query.where(bulk.among(orders.c.member_id, members))  # type: ignore[arg-type]
    query = query.where(orders.c.ordered_at >= period.start, orders.c.ordered_at <= period.end + SOON)
    found: dict[int, list[tuple[datetime, str]]] = {}
    for member_id, at, name in db.session.execute(query):
        found.setdefault(member_id, []).append((at, name))
    return found
