"""What a public profile shows: each part is looked up only where its owner shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from commons.db import db
from community.circle.interests.models import CirclePost, InterestCircle, Membership
from community.circle.interests.reading import is_standing
from community.circle.people.models import Part, PublicProfile
from community.loyalty.badges import cabinet
from community.loyalty.badges.models import BadgeAward
from community.loyalty.levels.standing import Standing, standing
from community.members.models import Handle, Member

MOST_BADGES, MOST_POSTS = 24, 5


@dataclass(frozen=True)
class Shown:
    """A profile as everybody sees it. What its owner does not show is None."""

    standing: Standing | None
    joined_at: datetime | None
    badges: Sequence[BadgeAward] | None
    circles: Sequence[InterestCircle] | None
    featured: Sequence[CirclePost] | None
    posts: Sequence[CirclePost] | None
    findable: bool


def shown(profile: PublicProfile, at: datetime) -> Shown:
    """The parts that the owner chose."""
    member, parts = profile.member, set(profile.parts)
    return Shown(
        standing=standing(member, at) if Part.LEVEL in parts else None,
        joined_at=member.joined_at if Part.JOINED in parts else None,
        badges=cabinet.awards_of(member)[:MOST_BADGES] if Part.BADGES in parts else None,
        circles=_circles(member) if Part.CIRCLES in parts else None,
        featured=_posts(member, featured=True) if Part.FEATURED in parts else None,
        posts=_posts(member) if Part.POSTS in parts else None,
        findable=profile.findable,
    )


def words_of(handle: Handle) -> Sequence[CirclePost]:
    """The newest posts that somebody wrote in circles that everybody finds."""
    return db.session.scalars(_written().where(CirclePost.author_id == handle.id).limit(MOST_POSTS)).all()


def _circles(member: Member) -> Sequence[InterestCircle]:
    query = select(InterestCircle).join(Membership, Membership.circle_id == InterestCircle.id)
    mine = query.where(Membership.member_id == member.id, Membership.left_at.is_(None))
    return db.session.scalars(mine.where(InterestCircle.closed_at.is_(None)).order_by(Membership.joined_at)).all()


def _posts(member: Member, *, featured: bool = False) -> Sequence[CirclePost]:
    own = select(Handle.id).where(Handle.member_id == member.id)
    query = _written().where(CirclePost.author_id.in_(own))
    if featured:
        query = query.where(CirclePost.featured_at.is_not(None))
    return db.session.scalars(query.limit(MOST_POSTS)).all()


def _written() -> Select[CirclePost]:
    """Posts that stand, no answers, newest first."""
    return (
        select(CirclePost)
        .join(CirclePost.circle)
        .options(joinedload(CirclePost.circle))
        .where(is_standing(), CirclePost.parent_id.is_(None), InterestCircle.closed_at.is_(None))
        .order_by(CirclePost.said_at.desc(), CirclePost.id.desc())
    )
