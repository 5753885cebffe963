"""Reading links back: lists, counts by verdict, visits by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import joinedload

from campaigns import by_day
from campaigns.links import wording
from campaigns.links.models import Hit, Link, Verdict
from commons import i18n
from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from commons.forms import storable
from commons.paging import row_id

PAGE = 30
VISITS = 25
LONGEST_CURVE = 60
MOST_IN_A_WORKBOOK = 50_000
MOST_HISTORY = 50
HISTORY = (
    "link.made", "link.changed", "link.redirected", "link.way_added", "link.way_removed", "link.dead", "link.alive", "link.ended",
)  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What the list shows: `owner` is brand or fans, or `dead` for links whose target does not answer; `words` matches title, slug
    and target; `before` pages by id.
    """

    owner: str = "brand"
    words: str = ""
    before: int | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Filter:
        owner = args.get("owner", "") if args.get("owner") in {"fans", "dead"} else "brand"
        return cls(owner, storable(args.get("words", "")).strip()[:100], row_id(args.get("before")))


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

    @property
    def all(self) -> int:
        return self.people + self.duplicates + self.machines + self.staff


@dataclass(frozen=True)
class Visits:
    """Some visits, and the row from which older ones go on."""

    rows: Sequence[Hit]
    older: int | None


@dataclass(frozen=True)
class Change:
    """One line of a link's history."""

    at: datetime
    who: User | None
    words: str


def page(chosen: Filter) -> Page:
    """One page of links, newest first, with their visits."""
    visits_of = select(func.count()).where(Hit.link_id == Link.id).correlate(Link)
    people = visits_of.where(Hit.verdict == Verdict.HUMAN).scalar_subquery()
    query = _filtered(select(Link, people, visits_of.scalar_subquery() - people), chosen).order_by(Link.id.desc())
    query = query.limit(PAGE + 1).options(joinedload(Link.campaign), joinedload(Link.member), joinedload(Link.domain))
    rows = db.session.execute(query).all()
    return Page(rows[:PAGE], rows[PAGE - 1][0].id if len(rows) > PAGE else None)


def count(link: Link) -> Count:
    """How many visits of each sort."""
    query = select(Hit.verdict, func.count()).where(Hit.link_id == link.id).group_by(Hit.verdict)
    found = dict(db.session.execute(query).all())
    machines = found.get(Verdict.BOT, 0) + found.get(Verdict.PREVIEW, 0)
    return Count(found.get(Verdict.HUMAN, 0), found.get(Verdict.DUPLICATE, 0), machines, found.get(Verdict.STAFF, 0))


def visits(link: Link, before: int | None = None) -> Visits:
    """One page of visits, the newest first; older than the row `before`, if it is given."""
    query = select(Hit).where(Hit.link_id == link.id).order_by(Hit.id.desc()).limit(VISITS + 1)
    rows = db.session.scalars(query.where(Hit.id < before) if before else query).all()
    return Visits(rows[:VISITS], rows[VISITS - 1].id if len(rows) > VISITS else None)


def visit_rows(link: Link, newest: int | None = None) -> Iterator[tuple[str, ...]]:
    """The visits as rows for a table file, the heading first; times in UTC. All of them, or the `newest` so many."""
    targets: dict[int | None, str] = {way.id: way.target for way in link.ways} | {None: link.target}
    return _visit_rows(select(Hit).where(Hit.link_id == link.id, *_among(link, newest)), targets)


def _among(link: Link, newest: int | None) -> Sequence[ColumnElement[bool]]:
    if newest is None:
        return ()
    mine = select(Hit.id).where(Hit.link_id == link.id).order_by(Hit.id.desc()).offset(newest).limit(1)
    last_out = db.session.scalar(mine)
    return () if last_out is None else (Hit.id > last_out,)


def _visit_rows(visits: Select[Hit], targets: Mapping[int | None, str]) -> Iterator[tuple[str, ...]]:
    yield "occurred_at", "verdict", "referrer", "device", "language", "region", "target", "browser"
    query = visits.order_by(Hit.occurred_at, Hit.id).execution_options(yield_per=500)
    for hit in db.session.scalars(query):
        target = targets.get(hit.way_id, "")
        yield (
            hit.occurred_at.isoformat(), hit.verdict.value, hit.referrer, hit.device, hit.language, hit.region, target,
            hit.browser,
        )  # fmt: skip


def history(link: Link) -> Sequence[Change]:
    """What the team did to the link and what was found out about it, the newest first."""
    query = select(Event, User).outerjoin(User, User.id == Event.actor_id)
    query = query.where(Event.subject_type == "link", Event.subject_id == link.id, Event.kind.in_(HISTORY))
    rows = db.session.execute(query.order_by(Event.occurred_at.desc(), Event.id.desc()).limit(MOST_HISTORY)).all()
    words = wording.acts()
    return [Change(event.occurred_at, user, str(words[event.kind]) % event.payload) for event, user in rows]


def links_by_domain() -> Mapping[int | None, int]:
    """How many links stand on each domain, ended ones too; None is the house's own."""
    query = select(Link.domain_id, func.count()).group_by(Link.domain_id)
    return dict(db.session.execute(query).all())


def curve(link: Link, at: datetime) -> dict[str, object]:
    """Visits by day in the visitor's zone, people and machines apart, since the link was made (60 days at most)."""
    zone = i18n.zone()
    days = by_day.days(min(link.created_at, at), at, zone)[-LONGEST_CURVE:]
    people = by_day.counts(_moments(link, Hit.verdict == Verdict.HUMAN), days, zone)
    machines = by_day.counts(_moments(link, Hit.verdict.in_([Verdict.BOT, Verdict.PREVIEW])), days, zone)
    return {
        "x": by_day.stamps(days, zone),
        "series": [
            {"label": _("Visits by people"), "values": people, "kind": "bars"},
            {"label": _("Bots and previews"), "values": machines, "kind": "line"},
        ],
        "unit": _("visits a day"),
        "zone": zone,
    }


def _moments(link: Link, wanted: ColumnElement[bool]) -> Select[datetime]:
    return select(Hit.occurred_at).where(Hit.link_id == link.id, wanted)


def _filtered(query: Select[Link, int, int], chosen: Filter) -> Select[Link, int, int]:
    if chosen.owner == "dead":
        query = query.where(Link.dead_since.is_not(None), Link.ended_at.is_(None))
    else:
        query = query.where(Link.member_id.is_not(None) if chosen.owner == "fans" else Link.member_id.is_(None))
    if chosen.words:
        columns = (Link.title, Link.slug, Link.target)
        query = query.where(or_(*(column.icontains(chosen.words, autoescape=True) for column in columns)))
    return query.where(Link.id < chosen.before) if chosen.before else query
