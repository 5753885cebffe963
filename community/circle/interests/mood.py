"""The mood of a circle by week: what its members say themselves, never who said it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from commons import events, zones
from commons.db import db, insert_into
from commons.errors import Invalid, NotAllowed
from community.circle.interests.joining import membership_of
from community.circle.interests.models import InterestCircle, Mood
from community.members.models import Member

# Below this many answers a mean would say how one person feels.
FEWEST_ANSWERS = 3
WEEKS = 26
WORDS = {1: _l("Cold"), 2: _l("Cool"), 3: _l("So-so"), 4: _l("Good"), 5: _l("Warm")}


@dataclass(frozen=True, slots=True)
class Week:
    """The week that begins on `first`; `mean` is None where fewer than `FEWEST_ANSWERS` answered."""

    first: date
    answers: int
    mean: float | None


def tell_mood(circle: InterestCircle, by: Member, value: int, at: datetime) -> None:
    """How the member feels in the circle this week; a later answer in the same week takes the place of the former."""
    if value not in WORDS:
        raise Invalid(_("Choose one of the five."))
    if membership_of(circle, by) is None:
        raise NotAllowed(_("Only members of the circle are asked how they feel in it."))
    week = week_of(at)
    row = {"circle_id": circle.id, "member_id": by.id, "week": week, "value": value, "said_at": at}
    statement = insert_into(Mood).values(**row)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["circle_id", "member_id", "week"], set_={"value": value, "said_at": at}
        )
    )
    events.track(
        "circle.mood_told",
        key=f"circle.mood_told:{circle.public_id}:{by.public_id}:{week.isoformat()}",
        at=at,
        member_id=by.id,
        subject=circle,
        payload={"circle": {"zh": circle.name.zh, "en": circle.name.en}},
    )


def mood_of(circle: InterestCircle, member: Member, at: datetime) -> int | None:
    """What the member said this week; None: nothing yet."""
    query = select(Mood.value).where(Mood.circle_id == circle.id, Mood.member_id == member.id)
    return db.session.scalar(query.where(Mood.week == week_of(at)))


def weeks(circle: InterestCircle, at: datetime) -> Sequence[Week]:
    """Week by week from the first answer to this week, half a year at most; weeks without answers too."""
    this = week_of(at)
    query = select(Mood.week, func.count(), func.avg(Mood.value)).where(
        Mood.circle_id == circle.id, Mood.week > this - timedelta(weeks=WEEKS), Mood.week <= this
    )
    found = {week: (count, float(mean)) for week, count, mean in db.session.execute(query.group_by(Mood.week))}
    first = min(found, default=None)
    if first is None:
        return []
    span = (first + timedelta(weeks=number) for number in range((this - first).days // 7 + 1))
    return [_week(one, *found.get(one, (0, 0.0))) for one in span]


def lately(told: Sequence[Week]) -> tuple[Week | None, Week | None]:
    """The last week that has a mean and the one before it: the curve in words. None where there is none."""
    shown = [week for week in reversed(told) if week.mean is not None][:2]
    return (shown[0] if shown else None, shown[1] if len(shown) > 1 else None)


def curve(circle: InterestCircle, at: datetime) -> dict[str, object]:
    """The mood as `curve.js` draws it: the mean from 1 to 5, None where too few answered, and in its table how many did."""
    told = weeks(circle, at)
    zone = zones.DEFAULT_ZONE
    return {
        "x": [int(zones.day_bounds(week.first, zone)[0].timestamp()) for week in told],
        "series": [
            {"label": _("Mood"), "values": [week.mean for week in told], "kind": "line"},
            {"label": _("People who answered"), "values": [week.answers for week in told], "kind": "told"},
        ],
        "unit": _("1 is cold, 5 is warm"),
        "range": [min(WORDS), max(WORDS)],
        "zone": zone,
    }


def week_of(at: datetime) -> date:
    """The Monday of the week, where the brand is at home."""
    day = zones.day_of(at, zones.DEFAULT_ZONE)
    return day - timedelta(days=day.weekday())


def _week(first: date, answers: int, mean: float) -> Week:
    return Week(first, answers, round(mean, 2) if answers >= FEWEST_ANSWERS else None)
