"""Posts with all that hangs under them: the list of threads, and one thread as numbers and tree."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, exists, false, func, select, tuple_
from sqlalchemy.orm import joinedload, lazyload

from commons.accounts.models import User
from commons.db import db
from commons.permissions import Permission
from community.channels.models import ChannelPost
from community.inbox.models import Interaction, InteractionKind
from community.inbox.spread import Spread, Tree, grow, measure
from community.members.models import Handle

PAGE = 24
NODES_ON_A_PAGE = 40
EXCERPT = 60
MOST_HOURS = 10_000


class Order(enum.StrEnum):
    NEWEST = "newest"
    LARGEST = "largest"


@dataclass(frozen=True)
class ThreadRow:
    """A thread in the list: its post, how many nodes and people, and when the last one came."""

    post: ChannelPost
    nodes: int
    people: int
    last_at: datetime


@dataclass(frozen=True)
class ThreadPage:
    """One page of threads; `older` is the post to go on from (None: the end)."""

    rows: Sequence[ThreadRow]
    older: str | None


def visible_to(user: User) -> Select[ChannelPost]:
    """The posts whose threads `user` may look into."""
    query = select(ChannelPost).options(lazyload(ChannelPost.pictures))
    return query if user.can(Permission.INBOX_READ) else query.where(false())


def page(by: User, order: Order, before: str = "") -> ThreadPage:
    """Posts that were answered, those after the post called `before` (empty: from the first on)."""
    query = _largest(by, before) if order is Order.LARGEST else _newest(by, before)
    posts = db.session.scalars(query.limit(PAGE + 1)).all()
    counts = _counts([post.id for post in posts[:PAGE]])
    rows = [ThreadRow(post, *counts[post.id]) for post in posts[:PAGE] if post.id in counts]
    return ThreadPage(rows, posts[PAGE - 1].public_id if len(posts) > PAGE else None)


class Thread:
    """One post with its nodes in the order in which they came. Likes are no nodes."""

    def __init__(self, post: ChannelPost) -> None:
        self.post = post

    @cached_property
    def nodes(self) -> Sequence[Row[Any]]:
        """id, public_id, parent_id, author_id, kind, occurred_at, withdrawn_at, author, text (its beginning)."""
        query = (
            select(
                Interaction.id, Interaction.public_id, Interaction.parent_id, Interaction.author_id, Interaction.kind,
                Interaction.occurred_at, Interaction.withdrawn_at, Handle.name.label("author"),
                func.substr(Interaction.text, 1, EXCERPT).label("text"),
            )
            .join(Handle, Handle.id == Interaction.author_id)
            .where(Interaction.post_id == self.post.id, is_node())
            .order_by(Interaction.occurred_at, Interaction.id)
        )  # fmt: skip
        return db.session.execute(query).all()

    @cached_property
    def seconds(self) -> list[int]:
        """When each node came, in seconds after the original."""
        return [int((node.occurred_at - self.post.published_at).total_seconds()) for node in self.nodes]

    @cached_property
    def tree(self) -> Tree:
        """Nodes by their place in `nodes`, counted from 1; 0 is the original."""
        return grow([node.id for node in self.nodes], [node.parent_id for node in self.nodes])

    @cached_property
    def spread(self) -> Spread:
        return measure(self.tree, self.seconds, [node.author_id for node in self.nodes])

    @cached_property
    def likes(self) -> int:
        liked = (Interaction.post_id == self.post.id, ~is_node(), Interaction.withdrawn_at.is_(None))
        return db.session.scalar(select(func.count()).where(*liked)) or 0

    def place_of(self, public_id: str) -> int:
        """The number of the node with this public id, 0 if there is none."""
        return next((place for place, node in enumerate(self.nodes, 1) if node.public_id == public_id), 0)

    def page(self, number: int) -> Sequence[Interaction]:
        """The nodes of one page of the list, the first page being 1, with what is shown of them."""
        start = (number - 1) * NODES_ON_A_PAGE
        wanted = [node.id for node in self.nodes[start : start + NODES_ON_A_PAGE]]
        query = (
            select(Interaction)
            .where(Interaction.id.in_(wanted))
            .options(joinedload(Interaction.author), joinedload(Interaction.parent).joinedload(Interaction.author))
        )
        found = {one.id: one for one in db.session.scalars(query)}
        return [found[key] for key in wanted if key in found]

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.nodes) // NODES_ON_A_PAGE))


def moments(post: ChannelPost, within: int | None = None) -> list[tuple[InteractionKind, int]]:
    """Kind and seconds after the original of every node (of the first hours): all that the curve needs."""
    query = select(Interaction.kind, Interaction.occurred_at).where(Interaction.post_id == post.id, is_node())
    if within is not None:
        hours = min(max(within, 1), MOST_HOURS)
        query = query.where(Interaction.occurred_at < post.published_at + timedelta(hours=hours))
    return [(kind, int((at - post.published_at).total_seconds())) for kind, at in db.session.execute(query)]


def is_node() -> ColumnElement[bool]:
    return Interaction.kind != InteractionKind.LIKE


def _newest(by: User, before: str) -> Select[ChannelPost]:
    here = tuple_(ChannelPost.published_at, ChannelPost.id)
    query = visible_to(by).where(exists().where(Interaction.post_id == ChannelPost.id, is_node()))
    mark = db.session.execute(
        select(ChannelPost.published_at, ChannelPost.id).where(ChannelPost.public_id == before)
    ).one_or_none()
    if mark is not None:
        query = query.where(here < (mark.published_at, mark.id))
    return query.order_by(ChannelPost.published_at.desc(), ChannelPost.id.desc())


def _largest(by: User, before: str) -> Select[ChannelPost]:
    sizes = _sizes()
    query = visible_to(by).join(sizes, sizes.c.post_id == ChannelPost.id)
    mark = db.session.execute(
        select(sizes.c.nodes, ChannelPost.id)
        .join(ChannelPost, sizes.c.post_id == ChannelPost.id)
        .where(ChannelPost.public_id == before)
    ).one_or_none()
    if mark is not None:
        query = query.where(tuple_(sizes.c.nodes, ChannelPost.id) < (mark.nodes, mark.id))
    return query.order_by(sizes.c.nodes.desc(), ChannelPost.id.desc())


def _sizes() -> Subquery:
    counted = select(Interaction.post_id, func.count().label("nodes")).where(
        Interaction.post_id.is_not(None), is_node()
    )
    return counted.group_by(Interaction.post_id).subquery("sizes")


def _counts(post_ids: list[int]) -> dict[int, tuple[int, int, datetime]]:
    query = (
        select(
            Interaction.post_id,
            func.count(),
            func.count(Interaction.author_id.distinct()),
            func.max(Interaction.occurred_at),
        )
        .where(Interaction.post_id.in_(post_ids), is_node())
        .group_by(Interaction.post_id)
    )
    return {
        post_id: (nodes, people, last_at) for post_id, nodes, people, last_at in db.session.execute(query) if post_id
    }
