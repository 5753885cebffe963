"""Reading links back: lists, counts by verdict, visits by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import joinedload

from campaigns.links.models import Hit, Link, Verdict
from commons import i18n, zones
from commons.db import db

PAGE = 30
LONGEST_CURVE = 60


@dataclass(frozen=True)
class Filter:
    """What the list shows: `owner` is brand or fans, `words` matches title, slug and target; `before` pages by id."""

    owner: str = "brand"
    words: str = ""
    before: int | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Filter:
        before = args.get("before", "")
        owner = "fans" if args.get("owner") == "fans" else "brand"
        return cls(owner, args.get("words", "").strip()[:100], int(before) if before.isdecimal() else None)


@dataclass(frozen=True)
class Page:
    """Rows of (link, people, other visits) and the id from which older ones go on."""

    rows: Sequence[Row[Link, int, int]]
    older: int | None


@dataclass(frozen=True)
class Count:
    """Visits of one link by verdict."""

    people: int
    duplicates: int
    machines: int
    staff: int


def page(chosen: Filter) -> Page:
    """One page of links, newest first, with their visits."""
    visits_of = select(func.count()).where(Hit.link_id == Link.id).correlate(Link)
    people = visits_of.where(Hit.verdict == Verdict.HUMAN).scalar_subquery()
    query = _filtered(select(Link, people, visits_of.scalar_subquery() - people), chosen).order_by(Link.id.desc())
    query = query.limit(PAGE + 1).options(joinedload(Link.campaign), joinedload(Link.member))
    rows = db.session.execute(query).all()
    return Page(rows[:PAGE], rows[PAGE - 1][0].id if len(rows) > PAGE else None)


def count(link: Link) -> Count:
    """How many visits of each sort."""
    query = select(Hit.verdict, func.count()).where(Hit.link_id == link.id).group_by(Hit.verdict)
    found = dict(db.session.execute(query).tuples().all())
    machines = found.get(Verdict.BOT, 0) + found.get(Verdict.PREVIEW, 0)
    return Count(found.get(Verdict.HUMAN, 0), found.get(Verdict.DUPLICATE, 0), machines, found.get(Verdict.STAFF, 0))


def visits(link: Link, limit: int = 50) -> Sequence[Hit]:
    """The newest visits."""
    query = select(Hit).where(Hit.link_id == link.id).order_by(Hit.occurred_at.desc(), Hit.id.desc())
    return db.session.scalars(query.limit(limit)).all()


def visit_rows(link: Link) -> Iterator[tuple[str, str, str, str]]:
    """All visits as rows for a table file, the heading first; times in UTC."""
    yield "occurred_at", "verdict", "referrer", "browser"
    query = select(Hit).where(Hit.link_id == link.id).order_by(Hit.occurred_at, Hit.id).execution_options(yield_per=500)
    for hit in db.session.scalars(query):
        yield hit.occurred_at.isoformat(), hit.verdict.value, harmless(hit.referrer), harmless(hit.browser)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def curve(link: Link, at: datetime) -> dict[str, object]:
    """Visits by day in the visitor's zone, people and machines apart, since the link was made (60 days at most)."""
    zone = i18n.zone()
    today = zones.day_of(at, zone)
    first = max(zones.day_of(link.created_at, zone), today - timedelta(days=LONGEST_CURVE - 1))
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    people, machines = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
    query = select(Hit.occurred_at, Hit.verdict).where(Hit.link_id == link.id)
    for occurred_at, verdict in db.session.execute(query):
        day = zones.day_of(occurred_at, zone)
        if day in people and verdict in {Verdict.HUMAN, Verdict.BOT, Verdict.PREVIEW}:
            (people if verdict is Verdict.HUMAN else machines)[day] += 1
    return {
        "x": [int(zones.day_bounds(day, zone)[0].timestamp()) for day in days],
        "series": [
            {"label": _("People"), "values": list(people.values()), "kind": "bars"},
            {"label": _("Bots and previews"), "values": list(machines.values()), "kind": "line"},
        ],
        "unit": _("visits a day"),
    }


def _filtered(query: Select[Link, int, int], chosen: Filter) -> Select[Link, int, int]:
    query = query.where(Link.member_id.is_not(None) if chosen.owner == "fans" else Link.member_id.is_(None))
    if chosen.words:
        like = f"%{chosen.words}%"
        query = query.where(or_(Link.title.ilike(like), Link.slug.ilike(like), Link.target.ilike(like)))
    return query.where(Link.id < chosen.before) if chosen.before else query
