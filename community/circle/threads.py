"""Reading the comments of a post: threads one level deep, newest thread first, replies in the order they were said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from commons.db import db
from community.channels.models import ChannelPost
from community.circle.liking import account_id
from community.circle.people.speakers import Speakers, speakers
from community.inbox.models import Interaction, InteractionKind

PAGE = 20
REPLIES_SHOWN = 3
EARLIER_REPLIES = 30
MOST_REPLIES = 500
MOST_ARRIVALS = 50
# Ids are given before the commit: what committed late is looked for this far back.
_LATE = timedelta(minutes=10)


@dataclass(slots=True)
class Thread:
    """A comment with the newest of its replies, oldest of those first; `earlier` replies are not in the list."""

    root: Interaction
    replies: list[Interaction] = field(default_factory=list)
    earlier: int = 0


@dataclass(frozen=True, slots=True)
class CommentPage:
    """Threads, newest first. `older` is the root to go on from; `newest` the mark for `arrivals`."""

    threads: Sequence[Thread]
    older: str | None
    newest: str


@dataclass(frozen=True, slots=True)
class Arrivals:
    """New threads (newest first), new replies in older threads with their roots, and the mark to go on from."""

    threads: Sequence[Thread]
    replies: Sequence[Interaction]
    newest: str

    def said(self) -> Iterator[Interaction]:
        """Every new comment and reply."""
        return chain(
            (thread.root for thread in self.threads), *(thread.replies for thread in self.threads), self.replies
        )


def comments_of(post: ChannelPost) -> Select[Interaction]:
    """Every comment under the post, withdrawn ones too, in no order."""
    return _with_author().where(Interaction.post_id == post.id, Interaction.kind == InteractionKind.COMMENT)


def circle_comments() -> Select[Interaction]:
    """Every comment in the circle that has not been withdrawn."""
    return _with_author().where(
        Interaction.account_id == account_id(),
        Interaction.kind == InteractionKind.COMMENT,
        Interaction.withdrawn_at.is_(None),
    )


def page(
    post: ChannelPost, *, before: Interaction | None = None, start: Interaction | None = None, whole: bool = False
) -> CommentPage:
    """A page of threads: the newest, those older than the root `before`, or those from the thread of `start` on.

    `start` may be a reply: its thread then shows every reply from that one on; with `whole` it shows all of them.
    """
    newest = _newest(post)
    here = tuple_(Interaction.occurred_at, Interaction.id)
    query = _roots(post).where(Interaction.id <= newest.id) if newest is not None else _roots(post)
    first = start.parent or start if start is not None else None
    if before is not None:
        query = query.where(here < (before.occurred_at, before.id))
    elif first is not None:
        query = query.where(here <= (first.occurred_at, first.id))
    roots = db.session.scalars(query.limit(PAGE + 1)).all()
    threads = _with_replies(roots[:PAGE])
    if start is not None and threads and (whole or start is not first):
        threads[0] = _down_to(threads[0], threads[0].root if whole else start)
    older = roots[PAGE - 1].public_id if len(roots) > PAGE else None
    return CommentPage(threads, older, newest.public_id if newest is not None else "")


def is_newest(post: ChannelPost, root: Interaction) -> bool:
    """Whether no thread under the post is newer than that of `root`."""
    newest = db.session.scalar(_roots(post).limit(1))
    return newest is None or newest.id == (root.parent_id or root.id)


def earlier_replies(before: Interaction) -> tuple[list[Interaction], int]:
    """The replies said just before the reply `before`, oldest first, and how many are still earlier."""
    here = tuple_(Interaction.occurred_at, Interaction.id)
    condition = (_is_reply_in([before.parent_id or 0]), here < (before.occurred_at, before.id))
    newest_first = (Interaction.occurred_at.desc(), Interaction.id.desc())
    found = db.session.scalars(_with_author().where(*condition).order_by(*newest_first).limit(EARLIER_REPLIES)).all()
    count = db.session.scalar(select(func.count()).select_from(Interaction).where(*condition)) or 0
    return list(found[::-1]), count - len(found)


def arrivals(post: ChannelPost, after: str) -> Arrivals:
    """What was said since the comment called `after` (empty: since ever)."""
    query = comments_of(post).options(joinedload(Interaction.parent))
    if after:
        mark = db.session.scalar(select(Interaction).where(Interaction.public_id == after))
        if mark is None:
            return Arrivals([], [], after)
        query = query.where(Interaction.id > mark.id, Interaction.occurred_at >= mark.occurred_at - _LATE)
    new = db.session.scalars(query.order_by(Interaction.id).limit(MOST_ARRIVALS)).all()
    threads = {said.id: Thread(said) for said in new if said.parent_id is None and said.withdrawn_at is None}
    elsewhere = []
    for said in new:
        if said.parent_id in threads:
            threads[said.parent_id].replies.append(said)
        elif said.parent_id is not None and said.withdrawn_at is None:
            elsewhere.append(said)
    return Arrivals(list(threads.values())[::-1], elsewhere, new[-1].public_id if new else after)


def levels_in(threads: Iterable[Thread], replies: Iterable[Interaction] = ()) -> Speakers:
    """The levels of everybody who speaks here, and whose profile can be looked at: a fixed number of queries."""
    said = chain.from_iterable([thread.root, *thread.replies] for thread in threads)
    return speakers(one.author.member_id for one in chain(said, replies))


def _with_author() -> Select[Interaction]:
    return select(Interaction).options(joinedload(Interaction.author))


def _roots(post: ChannelPost) -> Select[Interaction]:
    """Newest first; a withdrawn comment keeps its place only while somebody's reply hangs on it."""
    reply = aliased(Interaction)
    has_replies = select(reply.id).where(reply.parent_id == Interaction.id, reply.withdrawn_at.is_(None)).exists()
    return (
        comments_of(post)
        .where(Interaction.parent_id.is_(None), or_(Interaction.withdrawn_at.is_(None), has_replies))
        .order_by(Interaction.occurred_at.desc(), Interaction.id.desc())
    )


def _newest(post: ChannelPost) -> Interaction | None:
    newest_first = (Interaction.occurred_at.desc(), Interaction.id.desc())
    return db.session.scalar(comments_of(post).order_by(*newest_first).limit(1))


def _with_replies(roots: Sequence[Interaction]) -> list[Thread]:
    """One query for the newest replies of all the roots, with how many there are of each."""
    threads = {root.id: Thread(root) for root in roots}
    newest_first = (Interaction.occurred_at.desc(), Interaction.id.desc())
    numbered = (
        select(
            Interaction.id,
            func.row_number().over(partition_by=Interaction.parent_id, order_by=newest_first).label("number"),
            func.count().over(partition_by=Interaction.parent_id).label("total"),
        )
        .where(_is_reply_in(threads))
        .subquery()
    )
    query = (
        select(Interaction, numbered.c.total)
        .options(joinedload(Interaction.author))
        .join(numbered, numbered.c.id == Interaction.id)
        .where(numbered.c.number <= REPLIES_SHOWN)
        .order_by(Interaction.occurred_at, Interaction.id)
    )
    for reply, total in db.session.execute(query) if threads else ():
        thread = threads[reply.parent_id]
        thread.replies.append(reply)
        thread.earlier = total - len(thread.replies)
    return list(threads.values())


def _down_to(thread: Thread, reply: Interaction) -> Thread:
    """The thread opened so far that `reply` is among what is shown; its root stands for all of them."""
    if reply in thread.replies or not thread.earlier:
        return thread
    here = tuple_(Interaction.occurred_at, Interaction.id)
    query = _with_author().where(_is_reply_in([thread.root.id]), here >= (reply.occurred_at, reply.id))
    found = db.session.scalars(query.order_by(Interaction.occurred_at, Interaction.id).limit(MOST_REPLIES)).all()
    return Thread(thread.root, list(found), thread.earlier + len(thread.replies) - len(found))


def _is_reply_in(roots: Iterable[int]) -> ColumnElement[bool]:
    return (
        Interaction.parent_id.in_(list(roots))
        & (Interaction.kind == InteractionKind.COMMENT)
        & Interaction.withdrawn_at.is_(None)
    )
