"""Saying that a profile breaks a rule, and what waits for staff because of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from commons.db import db, insert_new
from commons.errors import NotAllowed
from community.circle.interests.models import Reason
from community.circle.interests.reporting import Reports
from community.circle.people.models import ProfileReport, PublicProfile
from community.members.models import Member

MOST = 50


@dataclass(slots=True, kw_only=True)
class Reported(Reports[ProfileReport]):
    """A profile with what was said against it."""

    profile: PublicProfile


def report(profile: PublicProfile, by: Member, reason: Reason, at: datetime, note: str = "") -> None:
    """Say that the profile breaks a rule. Only staff learn who said so; the second time changes nothing."""
    if profile.member_id == by.id:
        raise NotAllowed(_("This is your own profile; you can switch it off."))
    row = {"member_id": profile.member_id, "reporter_id": by.id, "reason": reason, "note": note[:500]}
    insert_new(ProfileReport, {**row, "reported_at": at})


def has_reported(profile: PublicProfile, by: Member) -> bool:
    query = select(ProfileReport.id).where(
        ProfileReport.member_id == profile.member_id, ProfileReport.reporter_id == by.id
    )
    return db.session.scalar(query) is not None


def open_ones() -> list[Reported]:
    """Profiles with open reports, those reported first at the top."""
    query = (
        select(PublicProfile, ProfileReport)
        .join(ProfileReport, ProfileReport.member_id == PublicProfile.member_id)
        .options(joinedload(PublicProfile.member))
        .where(ProfileReport.settled_at.is_(None))
        .order_by(ProfileReport.reported_at, ProfileReport.id)
    )
    found: dict[int, Reported] = {}
    for profile, one in db.session.execute(query.limit(MOST)):
        found.setdefault(profile.id, Reported(profile=profile)).reports.append(one)
    return list(found.values())


def asked_again() -> Sequence[PublicProfile]:
    """Profiles that were taken away and whose owner asks for another look, the longest waiting first."""
    query = select(PublicProfile).options(joinedload(PublicProfile.member))
    asked = query.where(PublicProfile.asked_again_at.is_not(None), PublicProfile.hidden_at.is_not(None))
    return db.session.scalars(asked.order_by(PublicProfile.asked_again_at).limit(MOST)).all()


def settle(profile: PublicProfile, at: datetime) -> None:
    """Every open report about the profile has been looked at. Twice is once."""
    db.session.execute(
        update(ProfileReport)
        .where(ProfileReport.member_id == profile.member_id, ProfileReport.settled_at.is_(None))
        .values(settled_at=at)
    )


def waiting() -> int:
    """How many profiles wait for a look."""
    reported = select(func.count(ProfileReport.member_id.distinct())).where(ProfileReport.settled_at.is_(None))
    return (db.session.scalar(reported) or 0) + len(asked_again())
