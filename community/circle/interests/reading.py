"""Reading a circle: its feed, one post with its answers. Every page is a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import joinedload

from commons.accounts.models import User
from commons.db import db
from community.circle.interests.models import CirclePost, InterestCircle, Membership
from community.circle.people.speakers import Speakers, speakers
from community.members.models import Handle, Member

PAGE = 12
ANSWERS = 60


@dataclass(frozen=True, slots=True)
class Card:
    """A post and how many answers stand under it."""

    post: CirclePost
    answers: int


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Posts newest first; `pinned` only on the first page. `older` is the post to go on from (None: the end)."""

    pinned: Sequence[Card]
    cards: Sequence[Card]
    older: str | None
    levels: Speakers


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers, oldest first. `earlier` is the answer before which more stand (None: these are all)."""

    posts: Sequence[CirclePost]
    earlier: str | None


def readable(user: User) -> Select[CirclePost]:
    """Every post and answer in a circle that the visitor finds, whether it stands or not."""
    circles = InterestCircle.visible_to(user).with_only_columns(InterestCircle.id)
    return select(CirclePost).options(joinedload(CirclePost.author)).where(CirclePost.circle_id.in_(circles))


def standing(user: User) -> Select[CirclePost]:
    """What everybody reads."""
    return readable(user).where(is_standing())


def page(
    circle: InterestCircle, *, before: CirclePost | None = None, featured: bool = False, author: Member | None = None
) -> FeedPage:
    """The posts older than `before` (None: from the newest on); only featured ones, or those of one member."""
    query = _roots(circle)
    if featured:
        query = query.where(CirclePost.featured_at.is_not(None))
    if author is not None:
        query = query.where(CirclePost.author_id.in_(select(Handle.id).where(Handle.member_id == author.id)))
    narrowed = featured or author is not None
    pinned = [] if narrowed or before is not None else _pinned(circle)
    if not narrowed:
        query = query.where(CirclePost.pinned_at.is_(None))
    if before is not None:
        query = query.where(tuple_(CirclePost.said_at, CirclePost.id) < (before.said_at, before.id))
    newest_first = (CirclePost.said_at.desc(), CirclePost.id.desc())
    posts = db.session.scalars(query.order_by(*newest_first).limit(PAGE + 1)).all()
    older = posts[PAGE - 1].public_id if len(posts) > PAGE else None
    posts = posts[:PAGE]
    return FeedPage(cards(pinned), cards(posts), older, levels_of(circle, [*pinned, *posts]))


def answers(root: CirclePost, before: CirclePost | None = None) -> Answers:
    """The newest answers under the post, or those before the answer `before`."""
    query = select(CirclePost).options(joinedload(CirclePost.author)).where(CirclePost.parent_id == root.id)
    query = query.where(is_standing())
    if before is not None:
        query = query.where(tuple_(CirclePost.said_at, CirclePost.id) < (before.said_at, before.id))
    newest_first = (CirclePost.said_at.desc(), CirclePost.id.desc())
    found = db.session.scalars(query.order_by(*newest_first).limit(ANSWERS + 1)).all()
    earlier = found[ANSWERS - 1].public_id if len(found) > ANSWERS else None
    return Answers(found[:ANSWERS][::-1], earlier)


def cards(posts: Sequence[CirclePost]) -> list[Card]:
    """The posts with the number of their answers: one query."""
    if not posts:
        return []
    query = (
        select(CirclePost.parent_id, func.count())
        .where(CirclePost.parent_id.in_([post.id for post in posts]), is_standing())
        .group_by(CirclePost.parent_id)
    )
    counts = dict(db.session.execute(query).all())
    return [Card(post, counts.get(post.id, 0)) for post in posts]


def levels_of(circle: InterestCircle, posts: Iterable[CirclePost]) -> Speakers:
    """The levels of the authors, whose profile can be looked at, and who hosts: a fixed number of queries."""
    found = speakers(post.author.member_id for post in posts)
    hosts = select(Membership.member_id).where(Membership.circle_id == circle.id, Membership.host_since.is_not(None))
    found.hosts = set(db.session.scalars(hosts.where(Membership.left_at.is_(None))))
    return found


def is_standing() -> ColumnElement[bool]:
    """The rule of `CirclePost.stands`, in SQL."""
    return CirclePost.stands_since.is_not(None) & CirclePost.withdrawn_at.is_(None) & CirclePost.removed_at.is_(None)


def _roots(circle: InterestCircle) -> Select[CirclePost]:
    query = select(CirclePost).options(joinedload(CirclePost.author))
    return query.where(CirclePost.circle_id == circle.id, CirclePost.parent_id.is_(None), is_standing())


def _pinned(circle: InterestCircle) -> Sequence[CirclePost]:
    query = _roots(circle).where(CirclePost.pinned_at.is_not(None)).order_by(CirclePost.pinned_at.desc())
    return db.session.scalars(query).all()
