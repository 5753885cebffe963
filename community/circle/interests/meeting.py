"""People a member might like in a circle: who speaks in the same threads and belongs to the same circles, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from commons.db import db
from commons.i18n import Words
from community.circle.interests import measures
from community.circle.interests.models import CirclePost, InterestCircle, Mediation, Membership, Report
from community.circle.interests.reading import is_standing
from community.members import bars
from community.members.bars import Act
from community.members.models import Handle, Member
from community.members.profiles import consents
from community.members.profiles.models import Purpose

SINCE = timedelta(days=90)
MOST_THREADS = 50
MOST_SPEAKERS = 200
MOST_LOOKED_AT = 12


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, with what ties the two: threads in which both spoke, and other circles both belong to."""

    member: Member
    threads: int
    circles: Sequence[Words]


def people(circle: InterestCircle, me: Member, at: datetime, limit: int = 4) -> list[Person]:
    """Members of the circle who wrote in it lately and share something with `me`, those who share most first.

    Only among members who allow recommendations, `me` first of all. Nobody with whom `me` is, or was, in a dispute, whose
    words `me` reported, who is muted here or may not speak anywhere. A bounded number of queries over bounded lists.
    """
    if not consents.given(me.id, Purpose.RECOMMENDATIONS):
        return []
    speakers = _speakers(circle, me, at) - _opponents(me) - _reported_by(me) - _muted(circle, at)
    threads, circles = _shared_threads(me, speakers, at), _shared_circles(circle, me, speakers)
    chosen = ranked(threads, {key: len(names) for key, names in circles.items()}, MOST_LOOKED_AT)
    members = {one.id: one for one in db.session.scalars(select(Member).where(Member.id.in_(chosen)))}
    heard = [key for key in chosen if bars.barred(members[key], Act.SPEAK, at) is None]
    return [Person(members[key], threads[key], circles.get(key, [])) for key in heard[:limit]]


def who_wrote_in(circle: InterestCircle) -> Select[Member]:
    """Members with a post that stands in the circle."""
    authors = select(Handle.member_id).join(CirclePost, CirclePost.author_id == Handle.id)
    wrote = authors.where(CirclePost.circle_id == circle.id, is_standing(), Handle.member_id.is_not(None))
    return select(Member).where(Member.id.in_(wrote), Member.counts())


def ranked(threads: Mapping[int, int], circles: Mapping[int, int], limit: int) -> list[int]:
    """Ids by what is shared: a thread weighs 2, a circle 1; those who share nothing are left out. Pure."""
    weight = Counter({key: 2 * count for key, count in threads.items()})
    weight.update(circles)
    return sorted((key for key in weight if weight[key]), key=lambda key: (-weight[key], key))[:limit]


def _speakers(circle: InterestCircle, me: Member, at: datetime) -> set[int]:
    """Members of the circle, by id, who wrote here lately."""
    query = (
        select(Handle.member_id)
        .join(CirclePost, CirclePost.author_id == Handle.id)
        .join(Membership, (Membership.member_id == Handle.member_id) & (Membership.circle_id == circle.id))
        .join(Member, Member.id == Handle.member_id)
        .where(CirclePost.circle_id == circle.id, CirclePost.said_at > at - SINCE, is_standing())
        .where(Membership.left_at.is_(None), Member.counts(), Member.id != me.id)
        .where(consents.allows(Member.id, Purpose.RECOMMENDATIONS))
        .group_by(Handle.member_id)
        .order_by(func.max(CirclePost.said_at).desc())
    )
    return {member_id for member_id in db.session.scalars(query.limit(MOST_SPEAKERS)) if member_id is not None}


def _shared_threads(me: Member, speakers: Collection[int], at: datetime) -> Counter[int]:
    """In how many threads of mine each of them spoke too."""
    root = func.coalesce(CirclePost.parent_id, CirclePost.id)
    mine = select(root).where(CirclePost.author_id.in_(_handles(me)), CirclePost.said_at > at - SINCE, is_standing())
    roots = db.session.scalars(mine.distinct().limit(MOST_THREADS)).all()
    query = (
        select(Handle.member_id, func.count(root.distinct()))
        .join(CirclePost, CirclePost.author_id == Handle.id)
        .where(Handle.member_id.in_(speakers), root.in_(roots), is_standing())
        .group_by(Handle.member_id)
    )
    return Counter({key: count for key, count in db.session.execute(query) if key is not None})


def _shared_circles(here: InterestCircle, me: Member, speakers: Collection[int]) -> dict[int, list[Words]]:
    """The names of the other open circles that each of them and I belong to."""
    mine = select(Membership.circle_id).where(Membership.member_id == me.id, Membership.left_at.is_(None))
    query = (
        select(Membership.member_id, InterestCircle)
        .join(InterestCircle, InterestCircle.id == Membership.circle_id)
        .where(Membership.member_id.in_(speakers), Membership.left_at.is_(None), Membership.circle_id.in_(mine))
        .where(Membership.circle_id != here.id, InterestCircle.closed_at.is_(None))
        .order_by(InterestCircle.id)
    )
    found: dict[int, list[Words]] = defaultdict(list)
    for member_id, circle in db.session.execute(query):
        found[member_id].append(circle.name)
    return found


def _opponents(me: Member) -> set[int]:
    mine = _handles(me)
    asked = (
        select(Handle.member_id).join(Mediation, Mediation.other_id == Handle.id).where(Mediation.asker_id.in_(mine))
    )
    other = (
        select(Handle.member_id).join(Mediation, Mediation.asker_id == Handle.id).where(Mediation.other_id.in_(mine))
    )
    return {key for query in (asked, other) for key in db.session.scalars(query) if key is not None}


def _reported_by(me: Member) -> set[int]:
    """Whose words the member has reported, whatever came of it."""
    query = (
        select(Handle.member_id)
        .join(CirclePost, CirclePost.author_id == Handle.id)
        .join(Report, Report.post_id == CirclePost.id)
        .where(Report.reporter_id == me.id)
    )
    return {key for key in db.session.scalars(query) if key is not None}


def _muted(circle: InterestCircle, at: datetime) -> set[int]:
    return {measure.member_id for measure in measures.holding(circle, at)}


def _handles(member: Member) -> Select[int]:
    return select(Handle.id).where(Handle.member_id == member.id)
