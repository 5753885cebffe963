"""What stands in the calendar: deliveries of a period, one entry for all those of a post at the same moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select
from sqlalchemy import func as sql

from campaigns.planning.models import Campaign
from campaigns.posts.models import BrandPost, PostVariant
from campaigns.posts.planner.clashes import ALIKE_WITHIN, COMPARED, Clash, Planned, clashes
from campaigns.posts.planner.period import NO_CAMPAIGN, Filter
from campaigns.posts.planner.slots import IN_THE_WAY
from campaigns.posts.standing import standing
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons import zones
from commons.db import db
from community.channels.models import ChannelAccount
from community.channels.protocol import channel_named

TINTS = 8
SHOWN_A_DAY = {"month": 3, "list": 12}
MOVABLE = frozenset({DeliveryState.SCHEDULED, DeliveryState.IN_REVIEW, DeliveryState.HELD})

Columns = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """An account as the calendar shows it: `icon` is that of its `channel`, which also gives it its colour."""

    public_id: str
    name: str
    channel: str
    icon: str
    label: str
    is_open: bool = True

    @property
    def words(self) -> str:
        return self.name if self.name == self.label else f"{self.label} · {self.name}"


@dataclass(frozen=True, slots=True)
class Send:
    """One delivery of an entry. `late` is in seconds from plan to publication."""

    public_id: str
    place: Place
    state: DeliveryState
    published_at: datetime | None
    late: float | None


@dataclass(slots=True)
class Entry:
    """A post at a moment, on one or several accounts. `local` is that moment in the reader's zone.

    `elsewhere` is the wall clock where it was planned, if that is another zone. `seen` names the deliveries that can still
    be moved, and the moment at which they were seen (see `moves`). `shift` says what daylight saving does to it.
    """

    url: str
    text: str
    local: datetime
    campaign: str
    tint: int | None
    elsewhere: str
    shift: str
    sends: list[Send]
    state: str = ""
    seen: str = ""
    late: float | None = None
    clash: Clash | None = None

    @property
    def time(self) -> str:
        return f"{self.local:%H:%M}"

    @property
    def mixed(self) -> bool:
        """Whether its channels stand differently."""
        return len({send.state for send in self.sends}) > 1

    @property
    def is_second(self) -> bool:
        """Whether clocks show this time for the second time on that day."""
        return self.local.fold == 1


@dataclass(slots=True)
class Found:
    """What a period holds by day: the entries that are shown, how many there are, and on which days something goes out."""

    by_day: Mapping[date, Sequence[Entry]]
    counts: Mapping[date, int]
    busy: Set[date]
    places: Mapping[int, Place]


def entries(chosen: Filter, zone: str, apart: timedelta) -> Found:
    """What stands in the period, by day in `zone` and in order. One query for the deliveries, however many there are."""
    places = accounts()
    start, end = zones.day_bounds(chosen.first, zone)[0], zones.day_bounds(chosen.last, zone)[1]
    around = apart if chosen.view == "month" else max(apart, ALIKE_WITHIN)
    rows = db.session.execute(_query(start - around, end + around)).all()
    clashing = clashes((_planned(row) for row in rows if row.state in IN_THE_WAY), apart)
    by_day = _by_day(_shown(rows, chosen, places, start, end), ZoneInfo(zone))
    groups = {day: _first(list(found), SHOWN_A_DAY.get(chosen.view)) for day, found in by_day.items()}
    changes = _change_days(chosen, {group[0].zone for shown in groups.values() for group in shown})
    return Found(
        {
            day: [_entry(one, places, clashing, ZoneInfo(zone), changes) for one in shown]
            for day, shown in groups.items()
        },
        {day: len(found) for day, found in by_day.items()},
        {day for day, found in by_day.items() if any(row.state in IN_THE_WAY for group in found for row in group)},
        places,
    )


def accounts() -> dict[int, Place]:
    """Every account that something may have been planned on, by its id."""
    account = ChannelAccount
    query = select(account.id, account.public_id, account.name, account.channel, account.disconnected_at)
    return {row.id: _place(row) for row in db.session.execute(query.order_by(account.id))}


def offered(places: Mapping[int, Place], chosen: Filter) -> list[Place]:
    """The accounts to choose from: those that are connected, and those that are chosen."""
    return [place for place in places.values() if place.is_open or place.public_id in chosen.channels]


def _place(row: Columns) -> Place:
    try:
        facts = channel_named(row.channel).facts
    except LookupError:
        return Place(row.public_id, row.name, row.channel, "world", row.channel, is_open=False)
    return Place(
        row.public_id, row.name, row.channel, facts.icon, str(facts.label), is_open=row.disconnected_at is None
    )


def _query(start: datetime, end: datetime) -> Select[*tuple[Any, ...]]:
    """Plain columns: a month may hold thousands, and only this much of each is shown."""
    return (
        select(
            Delivery.id,
            Delivery.public_id,
            Delivery.post_id,
            Delivery.account_id,
            Delivery.due_at,
            Delivery.state,
            Delivery.zone,
            Delivery.wall_clock,
            Delivery.published_at,
            BrandPost.public_id.label("post"),
            sql.substr(BrandPost.text, 1, COMPARED).label("text"),
            sql.substr(PostVariant.text, 1, COMPARED).label("otherwise"),
            BrandPost.campaign_id,
            Campaign.public_id.label("campaign"),
            Campaign.title.label("campaign_title"),
        )
        .join(BrandPost, BrandPost.id == Delivery.post_id)
        .outerjoin(Campaign, Campaign.id == BrandPost.campaign_id)
        .outerjoin(PostVariant, (PostVariant.post_id == BrandPost.id) & (PostVariant.account_id == Delivery.account_id))
        .where(Delivery.due_at >= start, Delivery.due_at < end, BrandPost.discarded_at.is_(None))
        .order_by(Delivery.due_at, Delivery.post_id, Delivery.account_id)
    )


def _shown(
    rows: Iterable[Columns], chosen: Filter, places: Mapping[int, Place], start: datetime, end: datetime
) -> list[Columns]:
    """Those of the period that the filter lets through; the others were only there to clash with."""
    wanted = [row for row in rows if start <= row.due_at < end]
    if chosen.channels:
        ids = {number for number, place in places.items() if place.public_id in chosen.channels}
        wanted = [row for row in wanted if row.account_id in ids]
    if chosen.campaigns:
        wanted = [row for row in wanted if (row.campaign or NO_CAMPAIGN) in chosen.campaigns]
    if chosen.states:
        wanted = [row for row in wanted if row.state.value in chosen.states]
    return wanted


def _by_day(rows: Iterable[Columns], here: ZoneInfo) -> dict[date, Collection[list[Columns]]]:
    """Rows of one post at one moment together, by the day on which clocks here show that moment."""
    found: dict[date, dict[tuple[datetime, int], list[Columns]]] = {}
    for row in rows:
        groups = found.setdefault(row.due_at.astimezone(here).date(), {})
        groups.setdefault((row.due_at, row.post_id), []).append(row)
    return {day: groups.values() for day, groups in found.items()}


def _first(groups: Sequence[list[Columns]], most: int | None) -> Sequence[list[Columns]]:
    """As many as are shown: nobody is told that there is one more where that one could stand."""
    return groups if most is None or len(groups) <= most + 1 else groups[:most]


def _entry(
    group: Sequence[Columns],
    places: Mapping[int, Place],
    clashing: Mapping[int, Clash],
    here: ZoneInfo,
    changes: Mapping[str, frozenset[str]],
) -> Entry:
    row = group[0]
    local = row.due_at.astimezone(here)
    entry = Entry(
        url=f"/posts/{row.post}",
        text=row.text,
        local=local,
        campaign=row.campaign_title or "",
        tint=row.campaign_id % TINTS if row.campaign_id else None,
        elsewhere=_elsewhere(row, here),
        shift=_shift(row, changes),
        sends=[_send(one, places) for one in group],
    )
    entry.state = row.state.value if len(group) == 1 else standing(one.state for one in group).value
    movable = [one.public_id for one in group if one.state in MOVABLE]
    entry.seen = f"{'.'.join(movable)}@{int(row.due_at.timestamp())}" if movable else ""
    entry.late = max((send.late for send in entry.sends if send.late is not None), default=None)
    if movable:  # what is out can no longer be helped
        entry.clash = _clash([clashing[one.id] for one in group if one.id in clashing])
    return entry


def _planned(row: Columns) -> Planned:
    """With what it says on this account."""
    text = row.text if row.otherwise is None else row.otherwise
    return Planned(row.id, row.post_id, row.account_id, row.due_at, text)


def _send(row: Columns, places: Mapping[int, Place]) -> Send:
    late = (row.published_at - row.due_at).total_seconds() if row.published_at else None
    return Send(row.public_id, places[row.account_id], row.state, row.published_at, late)


def _clash(found: Sequence[Clash]) -> Clash | None:
    if not found:
        return None
    close = next((clash.close for clash in found if clash.close), None)
    return Clash(close, next((clash.alike for clash in found if clash.alike), None))


def _elsewhere(row: Columns, here: ZoneInfo) -> str:
    if not row.wall_clock or not row.zone or row.zone == here.key:
        return ""
    return f"{row.wall_clock[11:16]} {row.zone.rpartition('/')[2].replace('_', ' ')}"


def _change_days(chosen: Filter, planned_in: Iterable[str | None]) -> dict[str, frozenset[str]]:
    """For each zone the days, as written, on which its clocks change: looked at a day beyond either end."""
    around = [chosen.first - timedelta(days=1), *chosen.days, chosen.last + timedelta(days=1)]
    return {
        zone: frozenset(day.isoformat() for day in around if zones.clock_step(day, zone)) for zone in planned_in if zone
    }


def _shift(row: Columns, changes: Mapping[str, frozenset[str]]) -> str:
    if not row.wall_clock or not row.zone or row.wall_clock[:10] not in changes[row.zone]:
        return ""
    return scheduling.clock_change(datetime.fromisoformat(row.wall_clock), row.zone)
