"""The public profile: shown by its owner part by part, taken away by its owner at any moment, or by staff with a reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, or_, select

from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new
from commons.errors import NotAllowed
from community.circle.people.models import Part, PublicProfile
from community.members.models import Member
from community.members.profiles import guardians
from community.notices.telling import tell

# What a profile shows when it is switched on for the first time.
LITTLE = (Part.LEVEL,)


def profile_of(member: Member) -> PublicProfile | None:
    """None for a member who never had anything to do with it: nothing is shown."""
    return db.session.scalars(select(PublicProfile).where(PublicProfile.member_id == member.id)).one_or_none()


def change(member: Member, *, on: bool, parts: Collection[Part], findable: bool, at: datetime) -> PublicProfile:
    """Show these parts and no others, or (not `on`) nothing at all; what was chosen is kept for the next time.

    Raises `NotAllowed` for a profile that staff took away, and while a guardian has yet to agree.
    """
    if on:
        guardians.check(member.id)
    insert_new(PublicProfile, {"member_id": member.id})
    query = select(PublicProfile).where(PublicProfile.member_id == member.id)
    profile = db.session.scalars(query.with_for_update()).one()
    if on and profile.hidden_at is not None:
        raise NotAllowed(_("Your profile was taken away by staff."), _("Ask for another look first."))
    profile.shown_since = (profile.shown_since or at) if on else None
    profile.parts = [part.value for part in Part if part in parts]
    profile.findable = findable
    db.session.flush()
    return profile


def public_profiles() -> Select[Member]:
    """Members whose profile everybody may see: switched on, not taken away, not erased or merged, their account not ended,
    no guardian's word missing.
    """
    return (
        select(Member)
        .join(PublicProfile, PublicProfile.member_id == Member.id)
        .outerjoin(Member.user)
        .where(_is_shown(), Member.counts(), or_(User.id.is_(None), User.ended_at.is_(None)))
        .where(~guardians.awaited(Member.id))
    )


def shown_among(member_ids: Collection[int]) -> set[int]:
    """Which of these members have a profile that everybody may see: one query."""
    if not member_ids:
        return set()
    return set(db.session.scalars(public_profiles().with_only_columns(Member.id).where(Member.id.in_(member_ids))))


def take_away(profile: PublicProfile, words: str, by: User, at: datetime) -> None:
    """Nobody sees it any more; its owner is told why, and can ask for another look. Twice is once."""
    if profile.hidden_at is not None:
        return
    profile.hidden_at, profile.hidden_by_id, profile.hidden_words = at, by.id, words
    profile.asked_again_at = None
    _note("circle.profile_hidden", profile, by, at)


def give_back(profile: PublicProfile, by: User, at: datetime) -> None:
    """Its owner may show it again, and it shows what it did. Twice is once."""
    if profile.hidden_at is None:
        return
    profile.hidden_at, profile.hidden_by_id, profile.hidden_words = None, None, ""
    profile.asked_again_at = None
    _note("circle.profile_back", profile, by, at)


def stay_away(profile: PublicProfile, by: User, at: datetime) -> None:
    """The other look changed nothing. The owner is told; a changed profile may be looked at again."""
    if profile.hidden_at is None or profile.asked_again_at is None:
        return
    profile.asked_again_at = None
    _note("circle.profile_stays_away", profile, by, at)


def ask_again(profile: PublicProfile, at: datetime) -> None:
    """The owner asks staff to look once more. Twice is once."""
    if profile.hidden_at is not None and profile.asked_again_at is None:
        profile.asked_again_at = at
        db.session.flush()


def _is_shown() -> ColumnElement[bool]:
    """The rule of `PublicProfile.is_shown`, in SQL."""
    return PublicProfile.shown_since.is_not(None) & PublicProfile.hidden_at.is_(None)


def _note(kind: str, profile: PublicProfile, by: User, at: datetime) -> None:
    """A fact for the audit, and a notice to the owner."""
    db.session.flush()
    key = f"{kind}:{profile.member.public_id}:{at.isoformat()}"
    events.track(kind, key=key, at=at, actor_id=by.id, subject=profile.member)
    tell(profile.member_id, kind, key=key, at=at, url="/circle/me/profile")
