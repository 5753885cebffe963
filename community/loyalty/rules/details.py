"""What is known about kinds of facts, for whoever writes a rule: how often they come, and what details they carry."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from commons.db import db
from commons.events import Event
from community.loyalty.rules import fairness
from community.members import facts

NEWEST = 20_000
"""So many of the newest facts are looked at."""
MOST_VALUES = 20
LONGEST_VALUE = 80
UNSPOKEN = {"by_member_id", "visitor"}

DETAILS = {
    "title": _l("Title"),
    "campaign": _l("Campaign"),
    "slug": _l("Short link"),
    "link": _l("Came by the short link"),
    "post_id": _l("Number of the post"),
    "rating": _l("Rating"),
    "stars": _l("Stars"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of fact: its name, how many of the newest facts are of it, and why no rule may pay for it (empty: one may)."""

    code: str
    name: str
    times: int
    objection: str


def kinds() -> Sequence[Kind]:
    """All kinds that have a name, those first that a rule may pay for and that come most often."""
    query = select(Event.kind, func.count()).where(Event.id > _from_id(), Event.member_id.is_not(None))
    times = dict(db.session.execute(query.group_by(Event.kind)).all())
    found = [
        Kind(code, name, times.get(code, 0), str(fairness.objection(code, {}) or ""))
        for code, name in facts.kinds().items()
    ]
    return sorted(found, key=lambda kind: (bool(kind.objection), -kind.times, kind.name))


def details_of(kind: str) -> Mapping[str, Sequence[str]]:
    """The details that the newest facts of this kind carry, each with the values that come most often."""
    query = select(Event.payload).where(Event.kind == kind, Event.id > _from_id()).order_by(Event.id.desc()).limit(500)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for payload in db.session.scalars(query):
        for name, value in payload.items():
            if _is_detail(name, value):
                found[name][str(value)] += 1
    return {name: [value for value, _times in values.most_common(MOST_VALUES)] for name, values in found.items()}


def names_by_kind(kinds: Collection[str]) -> Mapping[str, Sequence[str]]:
    """Which details the newest facts of each of these kinds carry; kinds without any are left out."""
    found: dict[str, set[str]] = defaultdict(set)
    query = select(Event.kind, Event.payload).where(Event.kind.in_(kinds), Event.member_id.is_not(None))
    for kind, payload in db.session.execute(query.order_by(Event.id.desc()).limit(NEWEST // 4)):
        found[kind].update(name for name, value in payload.items() if _is_detail(name, value))
    return {kind: sorted(names) for kind, names in found.items() if names}


def detail_words(name: str) -> str:
    return str(DETAILS.get(name, name))


def _is_detail(name: str, value: Any) -> bool:
    spoken = name not in UNSPOKEN and not name.endswith("_event_id")
    return spoken and isinstance(value, (str, int)) and 0 < len(str(value)) <= LONGEST_VALUE


def _from_id() -> int:
    return (db.session.scalar(select(func.max(Event.id))) or 0) - NEWEST
