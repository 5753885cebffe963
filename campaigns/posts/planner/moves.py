"""Moving what stands in the calendar, one or many at once, with a report of what was done and what was refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.posts.models import BrandPost
from campaigns.posts.planner.entries import MOVABLE
from campaigns.publishing import scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons import i18n, zones
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, DomainError, Invalid

MOST_AT_ONCE = 200
FURTHEST_DAYS = 800
EXCERPT = 40

Act = Callable[[Delivery, User, datetime], None]
Target = Callable[[Delivery], tuple[datetime, str]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A delivery as the person saw it: its public id, and its moment in whole seconds; 0 when it had none."""

    public_id: str
    due: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """How to put a delivery back: as it stands now (`seen`), and the wall clock and zone that it had."""

    seen: Seen
    wall_clock: datetime
    zone: str

    @property
    def word(self) -> str:
        return f"{self.seen.public_id}@{self.seen.due}@{self.wall_clock.isoformat(timespec='seconds')}@{self.zone}"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one delivery, in words."""

    post: str
    text: str
    account: str
    words: str


@dataclass(slots=True)
class Report:
    """What was done, what was refused and why, and how to take it back."""

    done: list[Line] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)
    undo: list[Earlier] = field(default_factory=list)

    @property
    def posts(self) -> int:
        """How many posts something was done to."""
        return len({line.post for line in self.done})


def read_seen(values: Iterable[str]) -> list[Seen]:
    """What was ticked or dragged: `id.id@due` for each entry. What does not read so is left out."""
    found: dict[str, Seen] = {}
    for value in values:
        ids, _at, due = value.partition("@")
        if due.isdecimal() and len(due) < 12:
            found |= {name: Seen(name, int(due)) for name in ids.split(".") if name.isalnum()}
    return list(found.values())


def read_earlier(values: Iterable[str]) -> list[Earlier]:
    """What an undo button carries: the words of `Earlier`. What does not read so is left out."""
    return [earlier for value in values if (earlier := _earlier(value)) is not None]


def by_days(count: int) -> Act:
    """Move by whole days; the time of day stays, on the wall clock of the zone in which it was planned."""
    if abs(count) > FURTHEST_DAYS or not count:
        raise Invalid(_("Choose by how many days, at most %(count)s.", count=FURTHEST_DAYS))
    return _to(lambda delivery: (_wall_clock(delivery) + timedelta(days=count), str(delivery.zone)))


def to_day(day: date, zone: str) -> Act:
    """Move to the day as clocks in `zone` have it; the time of day stays, in the zone in which it was planned."""

    def target(delivery: Delivery) -> tuple[datetime, str]:
        shown = zones.day_of(_due(delivery), zone)
        return _wall_clock(delivery) + (day - shown), str(delivery.zone)

    return _to(target)


def to_hour(day: date, hour: int, zone: str) -> Act:
    """Move to the day and hour as clocks in `zone` have them; the minutes stay."""

    def target(delivery: Delivery) -> tuple[datetime, str]:
        shown = zones.to_local(_due(delivery), zone)
        if shown.hour == hour:  # only to another day: also where it was planned the time of day stays
            return _wall_clock(delivery) + (day - shown.date()), str(delivery.zone)
        moment = zones.to_utc(datetime.combine(day, time(hour, shown.minute, shown.second)), zone)
        return zones.to_local(moment, str(delivery.zone)), str(delivery.zone)

    return _to(target)


def to_moment(wall_clock: datetime, zone: str) -> Act:
    """Move to a wall clock in a zone."""
    return _to(lambda delivery: (wall_clock, zone))


def cancel(delivery: Delivery, by: User, at: datetime) -> None:
    scheduling.cancel(delivery, by=by, at=at)


def take_back(delivery: Delivery, by: User, at: datetime) -> None:
    scheduling.take_back(delivery, by=by, at=at)


def carry_out(act: Act, seen: Iterable[Seen], *, by: User, at: datetime) -> Report:
    """Do it to each: what is refused leaves the others alone. What has moved since it was seen is refused.

    Moving to where it stands already is done without a trace.
    """
    report = Report()
    wanted = list(seen)
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid(_("That is too many at once: choose at most %(count)s.", count=MOST_AT_ONCE))
    by_name = {one.public_id: one for one in wanted}
    for delivery in _known(by_name, by):
        one = by_name[delivery.public_id]
        earlier = (delivery.wall_clock, delivery.zone, delivery.due_at, delivery.state)
        _try(report, delivery, lambda delivery=delivery, one=one: _checked(act, delivery, one, by, at))  # type: ignore[misc]
        _note_undo(report, delivery, *earlier)
    return report


def undo(earlier: Iterable[Earlier], *, by: User, at: datetime) -> Report:
    """Put each back to the time it had, also what was cancelled or made a draft. What has changed since is refused."""
    report = Report()
    wanted = list(earlier)[:MOST_AT_ONCE]
    by_name = {one.seen.public_id: one for one in wanted}
    for delivery in _known(by_name, by):
        one = by_name[delivery.public_id]
        _try(report, delivery, lambda delivery=delivery, one=one: _put_back(delivery, one, by, at))  # type: ignore[misc]
    return report


def _known(public_ids: Collection[str], by: User) -> list[Delivery]:
    """In an order that is everybody's, so that two who move the same ones wait for each other and no more."""
    query = Delivery.visible_to(by).where(Delivery.public_id.in_(public_ids))
    return list(db.session.scalars(query.order_by(Delivery.post_id, Delivery.id)).unique())


def _checked(act: Act, delivery: Delivery, seen: Seen, by: User, at: datetime) -> None:
    _lock(delivery, seen)
    if delivery.state not in MOVABLE:
        raise Conflict(_why_not(delivery.state))
    act(delivery, by, at)


def _put_back(delivery: Delivery, earlier: Earlier, by: User, at: datetime) -> None:
    _lock(delivery, earlier.seen)
    scheduling.move(delivery, earlier.wall_clock, earlier.zone, by=by, at=at)


def _lock(delivery: Delivery, seen: Seen) -> None:
    """Hold the post, as planning does, and read the delivery anew. Raises `Conflict` if it no longer stands where it was seen."""
    db.session.execute(select(BrandPost.id).where(BrandPost.id == delivery.post_id).with_for_update())
    db.session.refresh(delivery)
    if _second(delivery) != seen.due:
        raise Conflict(_("Somebody else moved it in the meantime."))


def _try(report: Report, delivery: Delivery, act: Callable[[], None]) -> None:
    post, account = delivery.post, delivery.account.name
    text = post.text[:EXCERPT].replace("\n", " ")
    try:
        with db.session.begin_nested():
            act()
    except DomainError as refusal:
        report.refused.append(Line(post.public_id, text, account, refusal.in_full))
    else:
        report.done.append(Line(post.public_id, text, account, _how_it_stands(delivery)))


def _note_undo(
    report: Report,
    delivery: Delivery,
    wall_clock: str | None,
    zone: str | None,
    due_at: datetime | None,
    state: DeliveryState,
) -> None:
    """Only what really changed can be undone."""
    if wall_clock and zone and (delivery.due_at, delivery.state) != (due_at, state):
        seen = Seen(delivery.public_id, _second(delivery))
        report.undo.append(Earlier(seen, datetime.fromisoformat(wall_clock), zone))


def _to(target: Target) -> Act:
    def act(delivery: Delivery, by: User, at: datetime) -> None:
        wall_clock, zone = target(delivery)
        scheduling.move(delivery, wall_clock, zone, by=by, at=at)

    return act


def _how_it_stands(delivery: Delivery) -> str:
    if delivery.state is DeliveryState.CANCELLED:
        return str(_("Cancelled. It will not go out."))
    if delivery.due_at is None or delivery.wall_clock is None or delivery.zone is None:
        return str(_("It is a draft again."))
    words = [_("Goes out on %(when)s.", when=i18n.moment_words(delivery.due_at))]
    words.append(scheduling.clock_change(_wall_clock(delivery), delivery.zone))
    if delivery.state is DeliveryState.IN_REVIEW:
        words.append(_("It waits for approval before that."))
    return " ".join(filter(None, words))


def _why_not(state: DeliveryState) -> str:
    if state is DeliveryState.PUBLISHED:
        words = _("This post is already out.")
    elif state is DeliveryState.PUBLISHING:
        words = _("This post is going out right now.")
    elif state is DeliveryState.CANCELLED:
        words = _("It was cancelled. Open the post to schedule it anew.")
    elif state in {DeliveryState.FAILED, DeliveryState.MISSED}:
        words = _("It did not go out. Open the post to schedule it anew.")
    elif state in {DeliveryState.PARTIAL, DeliveryState.UNKNOWN}:
        words = _("Part of it may be out. Open the post and decide there.")
    else:
        words = _("It has no time yet. Open the post to schedule it.")
    return str(words)


def _earlier(value: str) -> Earlier | None:
    parts = value.split("@")
    if len(parts) != 4 or not parts[1].isdecimal() or not zones.is_zone(parts[3]):
        return None
    try:
        wall_clock = datetime.fromisoformat(parts[2])
    except ValueError:
        return None
    return None if wall_clock.tzinfo else Earlier(Seen(parts[0], int(parts[1])), wall_clock, parts[3])


def _second(delivery: Delivery) -> int:
    return int(delivery.due_at.timestamp()) if delivery.due_at else 0


def _due(delivery: Delivery) -> datetime:
    if delivery.due_at is None:
        raise Conflict(_why_not(delivery.state))
    return delivery.due_at


def _wall_clock(delivery: Delivery) -> datetime:
    if delivery.wall_clock is None:
        raise Conflict(_why_not(delivery.state))
    return datetime.fromisoformat(delivery.wall_clock)
