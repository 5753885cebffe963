"""Making places and their codes, and scanning: each fan once at each place."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Row, func, select, update

from campaigns.participation import barring
from campaigns.participation.scanning import codes
from campaigns.participation.scanning.models import OneTimeCode, Scan, ScanPlace, Sort
from campaigns.planning.models import Mission
from commons import events, zones
from commons.accounts.models import User
from commons.db import changed, db, insert_new
from commons.errors import Gone, Invalid
from community.members.models import Member

SCANNED = "mission.scanned"
MOST_PLACES = 200
MOST_AT_ONCE = 500


class WrongCode(Invalid):
    """A code that is not of this place, or not of this moment."""


class CodeUsed(Gone):
    """A code for one person, and somebody has scanned it before."""


class PlaceClosed(Gone):
    """The place is not open now."""


@dataclass(frozen=True)
class WantedPlace:
    """What a place is to be; `opens` and `closes` are wall-clock times in the campaign's zone."""

    name: str
    sort: Sort
    opens: datetime | None = None
    closes: datetime | None = None


def add_place(mission: Mission, wanted: WantedPlace, *, by: User, at: datetime) -> ScanPlace:
    """A further place with a code of its own."""
    if not wanted.name.strip():
        raise Invalid(_("A place needs a name."))
    if wanted.opens and wanted.closes and wanted.opens >= wanted.closes:
        raise Invalid(_("It must close after it opens."))
    number = db.session.scalar(select(func.count()).where(ScanPlace.mission_id == mission.id)) or 0
    if number >= MOST_PLACES:
        raise Invalid(_("A mission has at most %(count)s places.", count=MOST_PLACES))
    zone = mission.campaign.zone
    opens, closes = (zones.to_utc(one, zone) if one else None for one in (wanted.opens, wanted.closes))
    place = ScanPlace(mission=mission, name=wanted.name.strip()[:60], sort=wanted.sort, secret=secrets.token_hex(16),
                      opens_at=opens, closes_at=closes, made_by_id=by.id, made_at=at)  # fmt: skip
    db.session.add(place)
    db.session.flush()
    return place


def end_place(place: ScanPlace, at: datetime) -> None:
    """No code of it is good any more; what was scanned stays. Twice is once."""
    if place.ended_at is None:
        place.ended_at = at
        db.session.flush()


def make_codes(place: ScanPlace, number: int, at: datetime) -> Sequence[OneTimeCode]:
    """So many codes that are good for one person each."""
    if place.sort is not Sort.ONE_TIME:
        raise Invalid(_("Only a place of single codes has codes to print."))
    if not 1 <= number <= MOST_AT_ONCE:
        raise Invalid(_("Print 1 to %(count)s codes at a time.", count=MOST_AT_ONCE))
    made = [OneTimeCode(place_id=place.id, code=codes.one_time(), made_at=at) for _one in range(number)]
    db.session.add_all(made)
    db.session.flush()
    return made


def scan(place: ScanPlace, member: Member, code: str, at: datetime) -> Scan:
    """The member stands before the place. Twice is once.

    `WrongCode`, `CodeUsed`, `PlaceClosed`, and what `barring.check` refuses.
    """
    known = of(place, member)
    if known is not None:
        return known
    barring.check(place.mission, member, at)
    if not place.is_open(at):
        raise PlaceClosed(_("This place is closed."))
    if place.sort is Sort.ONE_TIME:
        _use(place, code, at)
    elif not codes.is_good(place, code, at):
        raise WrongCode(_("This code is not good (any more)."), _("Scan the one that hangs there now."))
    insert_new(Scan, {"place_id": place.id, "member_id": member.id, "scanned_at": at})
    _tell(place, member, at)
    kept = of(place, member)
    assert kept is not None
    return kept


def of(place: ScanPlace, member: Member) -> Scan | None:
    mine = (Scan.place_id == place.id, Scan.member_id == member.id)
    return db.session.scalars(select(Scan).where(*mine)).one_or_none()


def places_of(mission: Mission) -> Sequence[Row[ScanPlace, int, int, int]]:
    """(place, scans, single codes made, single codes used) in the order in which they were made."""
    scans = select(func.count()).where(Scan.place_id == ScanPlace.id).correlate(ScanPlace).scalar_subquery()
    made = select(func.count()).where(OneTimeCode.place_id == ScanPlace.id).correlate(ScanPlace)
    used = made.where(OneTimeCode.used_at.is_not(None)).scalar_subquery()
    query = select(ScanPlace, scans, made.scalar_subquery(), used).where(ScanPlace.mission_id == mission.id)
    return db.session.execute(query.order_by(ScanPlace.id)).all()


def scanned(mission: Mission, member: Member) -> Sequence[Scan]:
    """Where the member has been, the first first."""
    query = select(Scan).join(Scan.place).where(ScanPlace.mission_id == mission.id, Scan.member_id == member.id)
    return db.session.scalars(query.order_by(Scan.id)).all()


def unused(place: ScanPlace, limit: int = MOST_AT_ONCE) -> Sequence[OneTimeCode]:
    """The codes of the place that nobody has used, the newest first."""
    query = select(OneTimeCode).where(OneTimeCode.place_id == place.id, OneTimeCode.used_at.is_(None))
    return db.session.scalars(query.order_by(OneTimeCode.id.desc()).limit(limit)).all()


def _use(place: ScanPlace, code: str, at: datetime) -> None:
    """Take the code, in one conditional UPDATE: of two who hold the same picture of it, the first has it."""
    mine = (OneTimeCode.place_id == place.id, OneTimeCode.code == code)
    if changed(update(OneTimeCode).where(*mine, OneTimeCode.used_at.is_(None)).values(used_at=at)):
        return
    if db.session.scalar(select(OneTimeCode.id).where(*mine)) is not None:
        raise CodeUsed(_("Somebody has scanned this code before; each is good for one person."))
    raise WrongCode(_("This code is not good (any more)."), _("Scan the one that hangs there now."))


def _tell(place: ScanPlace, member: Member, at: datetime) -> None:
    mission = place.mission
    events.track(
        SCANNED,
        key=f"{SCANNED}:{place.public_id}:{member.public_id}",
        at=at,
        member_id=member.id,
        subject=mission,
        campaign_id=mission.campaign_id,
        payload={"title": mission.title, "place": place.name},
    )
