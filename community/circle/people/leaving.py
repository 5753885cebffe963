"""The profile in the export of one's data; it goes with the person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from commons.accounts.models import User
from commons.db import db
from community.circle.people import profiles
from community.circle.people.models import ProfileReport, PublicProfile
from community.members.merging import finding
from community.members.models import Member
from community.members.roster import member_of


def export(user: User) -> dict[str, Any]:
    """What the person shows, and what the person reported."""
    member = member_of(user)
    if member is None:
        return {}
    profile = profiles.profile_of(member)
    others = select(PublicProfile).where(PublicProfile.member_id.in_(finding.selves_of(member)[1:]))
    reports = select(ProfileReport).where(ProfileReport.reporter_id == member.id).order_by(ProfileReport.id)
    return {
        "public_profile": _profile(profile) if profile is not None else None,
        "public_profiles_as_another": [_profile(one) for one in db.session.scalars(others)],
        "profile_reports": [
            {"at": one.reported_at.isoformat(), "reason": one.reason.value, "note": one.note}
            for one in db.session.scalars(reports)
        ],
    }


def erase(user: User, _at: datetime) -> None:
    """Profile and what was said against it go; of what the person reported only the words. The member's tie still stands."""
    own = select(Member.id).where(Member.user_id == user.id).scalar_subquery()
    db.session.execute(delete(PublicProfile).where(PublicProfile.member_id == own))
    db.session.execute(delete(ProfileReport).where(ProfileReport.member_id == own))
    db.session.execute(update(ProfileReport).where(ProfileReport.reporter_id == own).values(note=""))


def _profile(profile: PublicProfile) -> dict[str, Any]:
    return {
        "shown_since": profile.shown_since.isoformat() if profile.shown_since else None,
        "parts": profile.parts,
        "findable": profile.findable,
        "taken_away_at": profile.hidden_at.isoformat() if profile.hidden_at else None,
        "taken_away_because": profile.hidden_words,
    }
