"""The calendar: what goes out on which day, in the visitor's zone."""

from __future__ import annotations

from calendar import Calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, func, select

from campaigns.planning.models import Campaign
from campaigns.posts.models import BrandPost
from campaigns.publishing.models import Delivery, DeliveryState
from commons import zones
from commons.db import db

SHOWN_A_DAY = 3
EXCERPT = 60
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Filter:
    """A month, whether as a list, and what to show of it."""

    year: int
    month: int
    as_list: bool = False
    campaign: str = ""
    state: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str], today: date) -> Filter:
        """What the address asks for; anything that is no month is the current one."""
        first = _month(args.get("month", "")) or today
        state = args.get("state", "")
        return cls(
            first.year,
            first.month,
            as_list=args.get("view") == "list",
            campaign=args.get("campaign", "")[:20],
            state=state if state in {known.value for known in DeliveryState} else "",
        )

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One post on its day. `elsewhere` is the wall clock where it was planned, if that is another zone."""

    url: str
    text: str
    time: str
    state: str
    campaign: str | None
    elsewhere: str


@dataclass(frozen=True, slots=True)
class Day:
    """One cell. `shown` are the first of `entries`; `more` says how many are left out."""

    date: date
    in_month: bool
    entries: Sequence[Entry]

    @property
    def shown(self) -> Sequence[Entry]:
        return self.entries if len(self.entries) <= SHOWN_A_DAY + 1 else self.entries[:SHOWN_A_DAY]

    @property
    def more(self) -> int:
        return len(self.entries) - len(self.shown)


def weeks(chosen: Filter, zone: str) -> list[list[Day]]:
    """The month as whole weeks that begin on Monday."""
    days = list(Calendar().itermonthdates(chosen.year, chosen.month))
    found = _entries(chosen, days[0], days[-1], zone)
    cells = [Day(day, day.month == chosen.month, found.get(day, ())) for day in days]
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


def agenda(chosen: Filter, zone: str) -> list[Day]:
    """The days of the month on which something goes out."""
    last = chosen.after - timedelta(days=1)
    found = _entries(chosen, chosen.first, last, zone)
    return [Day(day, True, found[day]) for day in sorted(found)]


def _entries(chosen: Filter, first: date, last: date, zone: str) -> Mapping[date, Sequence[Entry]]:
    start, end = zones.day_bounds(first, zone)[0], zones.day_bounds(last, zone)[1]
    here = ZoneInfo(zone)
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for row in db.session.execute(_query(chosen, start, end)):
        local = row.due_at.astimezone(here)
        by_day[local.date()].append(_entry(row, local, zone))
    return by_day


def _query(
    chosen: Filter, start: datetime, end: datetime
) -> Select[str, str, datetime | None, DeliveryState, str | None, str | None, str | None]:
    """Plain columns: a month may hold thousands, and only this much of each is shown."""
    query = (
        select(
            BrandPost.public_id,
            func.substr(BrandPost.text, 1, EXCERPT).label("text"),
            Delivery.due_at,
            Delivery.state,
            Delivery.zone,
            Delivery.wall_clock,
            Campaign.title.label("campaign"),
        )
        .join(BrandPost, BrandPost.id == Delivery.post_id)
        .outerjoin(Campaign, Campaign.id == BrandPost.campaign_id)
        .where(Delivery.due_at >= start, Delivery.due_at < end, BrandPost.discarded_at.is_(None))
        .order_by(Delivery.due_at, Delivery.id)
    )
    if chosen.state:
        query = query.where(Delivery.state == DeliveryState(chosen.state))
    return query.where(Campaign.public_id == chosen.campaign) if chosen.campaign else query


def _entry(
    row: Row[str, str, datetime | None, DeliveryState, str | None, str | None, str | None], local: datetime, zone: str
) -> Entry:
    elsewhere = ""
    if row.zone != zone and row.wall_clock:
        elsewhere = f"{row.wall_clock[11:16]} {str(row.zone).rpartition('/')[2].replace('_', ' ')}"
    return Entry(
        url=f"/posts/{row.public_id}",
        text=row.text,
        time=f"{local:%H:%M}",
        state=row.state.value,
        campaign=row.campaign,
        elsewhere=elsewhere,
    )


def _month(text: str) -> date | None:
    try:
        first = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 (a calendar month, no moment)
    except ValueError:
        return None
    return first if FIRST_YEAR <= first.year <= LAST_YEAR else None
