"""Featured slots: places that people fill by hand with something published, with a start and an end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from commons import events, zones
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.events import Evidence
from community.notices.telling import tell
from community.reviews.models import Feature, State, Submission

LONGEST = timedelta(days=92)
NOTE = 200


@dataclass(frozen=True)
class Place:
    """Where something can be featured, and how many at a time."""

    name: Any
    most: int


PLACES: Mapping[str, Place] = {
    "circle": Place(_l("Beside the circle's feed"), 1),
    "shares": Place(_l("On top of what fans share"), 3),
}


def feature(
    submission: Submission,
    place: str,
    starts: datetime,
    ends: datetime,
    zone: str,
    *,
    by: User,
    at: datetime,
    note: str = "",
) -> Feature:
    """Feature something published from `starts` to `ends`, both wall-clock times in `zone`. Its author is told.

    What has begun already begins now: nothing stood there before. `Conflict` when the place is taken for part of the time,
    by others or by this one, `Invalid` for a time that is over or upside down.
    """
    if submission.state is not State.PUBLISHED:
        raise Conflict(_("Only what is published can be featured."))
    first, last = zones.to_utc(starts, zone), zones.to_utc(ends, zone)
    _check_time(first, last, at)
    first = max(first, at)
    _check_room(submission, place, first, last)
    made = Feature(
        place=place, submission=submission, note=note.strip()[:NOTE], starts_at=first, ends_at=last, zone=zone, by=by,
        created_at=at,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    _note("feature.set", made, by, at)
    tell(submission.member_id, "review.featured", key=f"review.featured:{made.id}", at=at, url=submission.url)
    return made


def end(made: Feature, *, by: User, at: datetime) -> None:
    """Take it out of its place before its time. Twice is once."""
    if made.ended_at is not None or made.ends_at <= at:
        return
    made.ended_at = at
    db.session.flush()
    _note("feature.ended", made, by, at)


def showing(place: str, at: datetime) -> Sequence[Feature]:
    """What stands in a place at a moment: published still, in the order in which it came."""
    query = (
        select(Feature)
        .join(Feature.submission)
        .where(
            Feature.place == place,
            Feature.starts_at <= at,
            Feature.ends_at > at,
            or_(Feature.ended_at.is_(None), Feature.ended_at > at),
            Submission.state == State.PUBLISHED,
        )
        .options(joinedload(Feature.submission).joinedload(Submission.member))
    )
    return db.session.scalars(query.order_by(Feature.starts_at, Feature.id).limit(PLACES[place].most)).unique().all()


def listing(at: datetime) -> tuple[Sequence[Feature], Sequence[Feature]]:
    """What stands or is to come, the next first, and what is over, the latest first."""
    loaded = joinedload(Feature.submission).joinedload(Submission.member)
    over = or_(Feature.ends_at <= at, Feature.ended_at.is_not(None))
    ahead = select(Feature).where(~over).order_by(Feature.starts_at, Feature.id).options(loaded)
    past = select(Feature).where(over).order_by(func.coalesce(Feature.ended_at, Feature.ends_at).desc()).options(loaded)
    return db.session.scalars(ahead).unique().all(), db.session.scalars(past.limit(20)).unique().all()


def fits(spans: Iterable[tuple[datetime, datetime]], new: tuple[datetime, datetime], most: int) -> bool:
    """Whether there is room for `new` beside `spans`, at no moment more than `most`. Spans end before their last moment."""
    mine = [(max(first, new[0]), min(last, new[1])) for first, last in spans if first < new[1] and last > new[0]]
    return all(sum(first <= start < last for first, last in mine) < most for start, _last in mine)


def _check_time(first: datetime, last: datetime, at: datetime) -> None:
    if last <= first:
        raise Invalid(_("The end lies before the start."))
    if last <= at:
        raise Invalid(_("This time is over already."))
    if last - first > LONGEST:
        raise Invalid(_("At most %(days)s days; feature it again then.", days=LONGEST.days))


def _check_room(submission: Submission, place: str, first: datetime, last: datetime) -> None:
    there = _beside(place, first, last)
    if any(one.submission_id == submission.id for one in there):
        raise Conflict(
            _("This stands there already for part of that time."), _("Choose another time or another place.")
        )
    spans = [(one.starts_at, one.ended_at or one.ends_at) for one in there]
    if not fits(spans, (first, last), PLACES[place].most):
        raise Conflict(
            _("This place is taken for part of that time."), _("Choose another time, or end what stands there.")
        )


def _beside(place: str, first: datetime, last: datetime) -> Sequence[Feature]:
    """What stands in the place for part of that time; what is no longer published has left its room to others."""
    query = select(Feature).join(Feature.submission).where(Submission.state == State.PUBLISHED, Feature.place == place)
    during = query.where(Feature.starts_at < last, func.coalesce(Feature.ended_at, Feature.ends_at) > first)
    return db.session.scalars(during).all()


def _note(kind: str, made: Feature, by: User, at: datetime) -> None:
    events.track(
        kind,
        key=f"{kind}:{made.public_id}",
        at=at,
        member_id=made.submission.member_id,
        actor_id=by.id,
        subject=made.submission,
        evidence=Evidence.STAFF,
        payload={"place": made.place, "note": made.note},
    )
