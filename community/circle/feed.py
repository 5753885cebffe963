"""Reading the feed: pages, what is new, and what each post has been answered with. Every page is a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_

from commons.db import db
from community.channels.models import ChannelPost
from community.circle.liking import account_id, like_id
from community.circle.slots import Wording, wordings
from community.inbox.models import Interaction, InteractionKind
from community.members.models import Member

PAGE = 12
MOST_ARRIVALS = 20
_COUNTED = (InteractionKind.LIKE, InteractionKind.COMMENT)


@dataclass(frozen=True, slots=True)
class Card:
    """A post with its counts; `liked` and the `said` words are about whoever looks."""

    post: ChannelPost
    likes: int
    comments: int
    liked: bool
    said: Wording


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page, newest first. `older` is the post to go on from (None: the end); `newest` the mark for `arrivals`."""

    cards: Sequence[Card]
    older: str | None
    newest: str


def circle_posts(topic: str = "") -> Select[ChannelPost]:
    """Posts that stand in the circle, in no order: everybody may read them."""
    query = select(ChannelPost).where(ChannelPost.account_id == account_id())
    return query.where(_names(topic)) if topic else query


def page(member: Member | None, *, before: ChannelPost | None = None, topic: str = "") -> FeedPage:
    """The posts older than `before` (None: from the newest on), `PAGE` of them."""
    query = circle_posts(topic)
    newest = _newest()
    if before is not None:
        here = tuple_(ChannelPost.published_at, ChannelPost.id)
        query = query.where(here < (before.published_at, before.id))
    elif newest is not None:
        query = query.where(ChannelPost.id <= newest.id)
    query = query.order_by(ChannelPost.published_at.desc(), ChannelPost.id.desc())
    posts = db.session.scalars(query.limit(PAGE + 1)).all()
    older = posts[PAGE - 1].public_id if len(posts) > PAGE else None
    return FeedPage(cards(posts[:PAGE], member), older, newest.public_id if newest else "")


def posts_of_campaign(campaign_id: int, limit: int = 20) -> Sequence[ChannelPost]:
    """What stands in the circle for a campaign, newest first."""
    query = circle_posts().where(ChannelPost.campaign_id == campaign_id)
    return db.session.scalars(query.order_by(ChannelPost.published_at.desc(), ChannelPost.id.desc()).limit(limit)).all()


def arrivals(member: Member | None, after: str) -> list[Card]:
    """Posts that came since the one called `after` (empty: since ever), newest first."""
    mark = db.session.scalar(select(ChannelPost.id).where(ChannelPost.public_id == after)) if after else 0
    if mark is None:
        return []
    query = circle_posts().where(ChannelPost.id > mark).order_by(ChannelPost.id).limit(MOST_ARRIVALS)
    posts = db.session.scalars(query).all()
    return cards(posts[::-1], member)


def newest_of(posts: Sequence[Card]) -> str:
    """The mark after which `arrivals` goes on: the post that was recorded last."""
    return max(posts, key=lambda card: card.post.id).post.public_id


def card(post: ChannelPost, member: Member | None) -> Card:
    return cards([post], member)[0]


def cards(posts: Sequence[ChannelPost], member: Member | None) -> list[Card]:
    """The posts with their counts: two queries, however many posts."""
    counts = _counts([post.id for post in posts])
    mine = _liked(posts, member) if member is not None else set()
    said = _said(posts)
    return [
        Card(
            post,
            likes=counts[post.id, InteractionKind.LIKE],
            comments=counts[post.id, InteractionKind.COMMENT],
            liked=post.id in mine,
            said=said[post.id],
        )
        for post in posts
    ]


def _said(posts: Sequence[ChannelPost]) -> dict[int, Wording]:
    """What the current visitor reads of each post: its own words, unless another room brings others."""
    said = {post.id: Wording(post.text, post.link_slug) for post in posts}
    for plug in wordings:
        said |= plug(posts)
    return said


def _newest() -> Row[int, str] | None:
    """Key and public id of the post that was recorded last."""
    query = circle_posts().with_only_columns(ChannelPost.id, ChannelPost.public_id)
    return db.session.execute(query.order_by(ChannelPost.id.desc()).limit(1)).first()


def _names(topic: str) -> ColumnElement[bool]:
    return ChannelPost.text.icontains(f"#{topic}", autoescape=True)


def _counts(post_ids: list[int]) -> Counter[tuple[int, InteractionKind]]:
    query = (
        select(Interaction.post_id, Interaction.kind, func.count())
        .where(Interaction.post_id.in_(post_ids), Interaction.kind.in_(_COUNTED), Interaction.withdrawn_at.is_(None))
        .group_by(Interaction.post_id, Interaction.kind)
    )
    return Counter({(post_id, kind): count for post_id, kind, count in db.session.execute(query) if post_id})


def _liked(posts: Sequence[ChannelPost], member: Member) -> set[int]:
    query = select(Interaction.post_id).where(
        Interaction.account_id == account_id(),
        Interaction.external_id.in_([like_id(post, member) for post in posts]),
        Interaction.withdrawn_at.is_(None),
    )
    return {post_id for post_id in db.session.scalars(query) if post_id}
