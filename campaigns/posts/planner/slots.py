"""Weekly queue slots of an account, in its own zone, and the next one that is free."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.posts.planner.clashes import USUALLY_APART
from campaigns.publishing.models import FIXED, Delivery, DeliveryState
from commons import events, zones
from commons.accounts.models import User
from commons.db import Model, changed, db, insert_new, random_id
from commons.errors import Invalid
from community.channels.models import ChannelAccount

MOST_SLOTS = 70
LOOKED_AHEAD = timedelta(weeks=12)
A_MINUTE = timedelta(minutes=1)
# What goes out at its moment, or went: nothing else should stand close to it.
IN_THE_WAY = FIXED | {DeliveryState.SCHEDULED, DeliveryState.IN_REVIEW, DeliveryState.HELD}

Week = Collection[tuple[int, time]]


class QueueSlot(Model):
    """A time of the week at which an account usually posts, on the wall clock of the account's zone; weekday 0 is Monday."""

    __tablename__ = "queue_slot"
    __table_args__ = (UniqueConstraint("account_id", "weekday", "minute"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    weekday: Mapped[int]
    minute: Mapped[int]

    account: Mapped[ChannelAccount] = relationship()

    @property
    def time(self) -> time:
        return time(self.minute // 60, self.minute % 60)


class PlanningRules(Model):
    """The one row of what the team has agreed on: how far apart posts stand, and whose holidays are shown.

    `country` is two letters, or empty for that of the reader's zone.
    """

    __tablename__ = "planning_rules"

    apart_minutes: Mapped[int] = mapped_column(default=30)
    country: Mapped[str] = mapped_column(String(2), default="")


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A free slot: the wall clock (naive) in `zone`, and the moment it means."""

    wall_clock: datetime
    zone: str
    moment: datetime


def next_free(week: Week, zone: str, taken: Iterable[datetime], at: datetime, apart: timedelta) -> FreeSlot | None:
    """The first slot after `at` that has nothing within `apart` of it, and nothing in its own minute even if `apart` is
    nothing; None when twelve weeks are full. Pure.

    A slot that falls into a daylight-saving gap stands where the clock then stands; one that comes twice is the first.
    """
    others, distance = list(taken), max(apart, A_MINUTE)
    for wall_clock in _coming(week, zones.day_of(at, zone)):
        moment = zones.to_utc(wall_clock, zone)
        if moment > at and not any(abs(moment - other) < distance for other in others):
            return FreeSlot(zones.to_local(moment, zone), zone, moment)
    return None


def tightest(week: Week, apart: timedelta) -> timedelta:
    """How far from a slot another post counts as taking it: `apart`, or less where slots themselves stand closer."""
    minutes = sorted({day * 1440 + moment.hour * 60 + moment.minute for day, moment in week})
    steps = [after - before for before, after in zip(minutes, [*minutes[1:], minutes[0] + 7 * 1440], strict=True)]
    return min([apart, *(timedelta(minutes=step) for step in steps)])


def next_free_slot(account: ChannelAccount, at: datetime, post_id: int | None = None) -> FreeSlot | None:
    """The account's next free slot; None when it has no slots, or they are all taken. A post is not in its own way."""
    week = week_of(account)
    if not week:
        return None
    apart = apart_of(rules())
    return next_free(week, account.zone, taken_on(account, at, apart, post_id), at, tightest(week, apart))


def next_free_at(
    account: ChannelAccount, weekday: int, moment: time, at: datetime, post_id: int | None = None
) -> FreeSlot | None:
    """The next time that the account's clock shows this time of the week and nothing stands in the way; as `next_free_slot`."""
    apart = apart_of(rules())
    return next_free([(weekday, moment)], account.zone, taken_on(account, at, apart, post_id), at, apart)


def next_free_for_all(accounts: Sequence[ChannelAccount], at: datetime, post_id: int | None = None) -> FreeSlot | None:
    """The first slot of any of the accounts at which nothing stands in the way on any of them."""
    apart = apart_of(rules())
    taken = [moment for account in accounts for moment in taken_on(account, at, apart, post_id)]
    weeks = [(account, week_of(account)) for account in accounts]
    found = [next_free(week, account.zone, taken, at, tightest(week, apart)) for account, week in weeks if week]
    return min((slot for slot in found if slot is not None), key=lambda slot: slot.moment, default=None)


def week_of(account: ChannelAccount) -> list[tuple[int, time]]:
    """The account's slots as (weekday, time), in the order of the week."""
    query = select(QueueSlot).where(QueueSlot.account_id == account.id).order_by(QueueSlot.weekday, QueueSlot.minute)
    return [(slot.weekday, slot.time) for slot in db.session.scalars(query)]


def slots_by_day(account: ChannelAccount) -> list[list[QueueSlot]]:
    """The account's slots of Monday to Sunday."""
    query = select(QueueSlot).where(QueueSlot.account_id == account.id).order_by(QueueSlot.weekday, QueueSlot.minute)
    found = list(db.session.scalars(query))
    return [[slot for slot in found if slot.weekday == day] for day in range(7)]


def taken_on(account: ChannelAccount, at: datetime, apart: timedelta, post_id: int | None = None) -> list[datetime]:
    """The moments at which something else than the post goes out on the account, from `apart` before `at` on."""
    query = select(Delivery.due_at).where(
        Delivery.account_id == account.id, Delivery.state.in_(IN_THE_WAY), Delivery.due_at > at - apart
    )
    if post_id is not None:
        query = query.where(Delivery.post_id != post_id)
    return [moment for moment in db.session.scalars(query) if moment is not None]


def add_slots(account: ChannelAccount, weekdays: Collection[int], moment: time, *, by: User, at: datetime) -> int:
    """Give the account a slot at that time on those days; how many are new. Those that it has stay."""
    if not weekdays:
        raise Invalid(_("Choose at least one day of the week."))
    wanted = [(day, moment) for day in sorted(set(weekdays))]
    if len({*week_of(account), *wanted}) > MOST_SLOTS:
        raise Invalid(_("An account has at most %(count)s slots.", count=MOST_SLOTS))
    minute = moment.hour * 60 + moment.minute
    rows = [{"account_id": account.id, "weekday": day, "minute": minute} for day, _time in wanted]
    added = sum(insert_new(QueueSlot, row) is not None for row in rows)
    if added:
        _tell("slots.added", account, by, at, time=f"{moment:%H:%M}", days=added)
    return added


def remove_slot(account: ChannelAccount, weekday: int, minute: int, *, by: User, at: datetime) -> None:
    """Take a slot away. One that is not there is no matter; what is planned stays planned."""
    mine = delete(QueueSlot).where(
        QueueSlot.account_id == account.id, QueueSlot.weekday == weekday, QueueSlot.minute == minute
    )
    if changed(mine):
        _tell("slots.removed", account, by, at, time=f"{minute // 60:02}:{minute % 60:02}", days=1)


def set_zone(account: ChannelAccount, zone: str, *, by: User, at: datetime) -> None:
    """The zone in which the account's slots are meant. What is planned stays where it is."""
    if not zones.is_zone(zone):
        raise Invalid(_("“%(zone)s” is not a time zone.", zone=zone))
    if account.zone != zone:
        account.zone = zone
        _tell("slots.zone_changed", account, by, at, zone=zone)


def rules() -> PlanningRules:
    """What the team has agreed on; the usual where it has not."""
    found = db.session.scalar(select(PlanningRules).order_by(PlanningRules.id).limit(1))
    return found or PlanningRules(apart_minutes=int(USUALLY_APART.total_seconds() // 60), country="")


def set_rules(apart_minutes: int, country: str, *, by: User, at: datetime) -> PlanningRules:
    """What the team has agreed on from now on. Saying the same again changes nothing."""
    agreed = rules()
    if (agreed.apart_minutes, agreed.country) != (apart_minutes, country):
        agreed.apart_minutes, agreed.country = apart_minutes, country
        db.session.add(agreed)
        db.session.flush()
        key, payload = f"slots.rules_changed:{random_id()}", {"apart": apart_minutes, "country": country}
        events.track("slots.rules_changed", key=key, at=at, actor_id=by.id, payload=payload)
    return agreed


def apart_of(agreed: PlanningRules) -> timedelta:
    """How far apart posts on one channel should stand."""
    return timedelta(minutes=agreed.apart_minutes)


def _coming(week: Week, first: date) -> Iterator[datetime]:
    """Every slot from that day on, in order, for as long as one looks ahead."""
    ordered = sorted(week)
    for days in range(LOOKED_AHEAD.days + 1):
        day = first + timedelta(days=days)
        yield from (datetime.combine(day, moment) for weekday, moment in ordered if weekday == day.weekday())


def _tell(kind: str, account: ChannelAccount, by: User, at: datetime, **payload: object) -> None:
    db.session.flush()
    events.track(
        kind,
        key=f"{kind}:{account.public_id}:{random_id()}",
        at=at,
        actor_id=by.id,
        subject=account,
        payload={"account": account.name, **payload},
    )
