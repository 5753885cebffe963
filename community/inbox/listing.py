"""Everything that came back, newest first: narrowed down, page by page, and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Tuple, func, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from commons import zones
from commons.accounts.models import User
from commons.db import db
from community.channels.models import ChannelAccount, ChannelPost
from community.inbox.models import Interaction, InteractionKind
from community.members.models import Handle

PAGE = 40
MOST_NEWER = 100
AT_ONCE = 1000
FIRST_DAY, LAST_DAY = date(1970, 1, 2), date(2199, 12, 30)


@dataclass(frozen=True)
class Criteria:
    """What the inbox is narrowed to; empty means everything. `post` and `author` are public ids; days count in `zone`."""

    kind: str = ""
    channel: str = ""
    post: str = ""
    author: str = ""
    q: str = ""
    since: date | None = None
    until: date | None = None
    zone: str = zones.DEFAULT_ZONE

    def as_arguments(self) -> dict[str, str]:
        """The same in an address, without what is empty."""
        given = {"kind": self.kind, "channel": self.channel, "post": self.post, "author": self.author, "q": self.q}
        given |= {"since": str(self.since or ""), "until": str(self.until or "")}
        return {name: value for name, value in given.items() if value}

    def narrow(self, query: Select[Any]) -> Select[Any]:
        return query.where(*self._conditions())

    def _conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.kind:
            yield Interaction.kind == InteractionKind(self.kind)
        if self.channel:
            accounts = select(ChannelAccount.id).where(ChannelAccount.channel == self.channel)
            yield Interaction.account_id.in_(accounts)
        if self.post:
            yield Interaction.post_id.in_(select(ChannelPost.id).where(ChannelPost.public_id == self.post))
        if self.author:
            yield Interaction.author_id.in_(select(Handle.id).where(Handle.public_id == self.author))
        if self.q:
            yield Interaction.text.icontains(self.q, autoescape=True)
        if self.since:
            yield Interaction.received_at >= zones.day_bounds(_possible(self.since), self.zone)[0]
        if self.until:
            yield Interaction.received_at < zones.day_bounds(_possible(self.until), self.zone)[1]


@dataclass(frozen=True)
class InboxPage:
    """One page; `older` is the public id to go on from (None: the end)."""

    items: Sequence[Interaction]
    older: str | None


def page(by: User, criteria: Criteria, before: str = "") -> InboxPage:
    """What `by` may see of it, received before the interaction called `before` (empty: from the newest on)."""
    query = criteria.narrow(Interaction.visible_to(by)).options(*_WITH_ALL_THAT_IS_SHOWN)
    mark = _mark(before)
    if mark is not None:
        query = query.where(_place() < mark)
    query = query.order_by(Interaction.received_at.desc(), Interaction.id.desc())
    items = db.session.scalars(query.limit(PAGE + 1)).all()
    return InboxPage(items[:PAGE], items[PAGE - 1].public_id if len(items) > PAGE else None)


def newest(by: User) -> str:
    """The public id of what was received last, whatever the criteria; empty when there is nothing."""
    query = Interaction.visible_to(by).with_only_columns(Interaction.public_id)
    last = query.order_by(Interaction.received_at.desc(), Interaction.id.desc()).limit(1)
    return db.session.scalar(last) or ""


def count_newer(by: User, criteria: Criteria, after: str) -> int:
    """How many came since the interaction called `after`; counted up to `MOST_NEWER`."""
    query = criteria.narrow(Interaction.visible_to(by)).with_only_columns(Interaction.id)
    mark = _mark(after)
    if mark is not None:
        query = query.where(_place() > mark)
    return db.session.scalar(select(func.count()).select_from(query.limit(MOST_NEWER).subquery())) or 0


@dataclass(frozen=True)
class Pulse:
    """How lively it is: received in the last hour, in the last day, by how many people, and when the last one came."""

    hour: int
    day: int
    people: int
    last: datetime | None


def pulse(at: datetime) -> Pulse:
    day = Interaction.received_at > at - timedelta(days=1)
    hour = db.session.scalar(select(func.count()).where(Interaction.received_at > at - timedelta(hours=1)))
    count, people = db.session.execute(
        select(func.count(), func.count(Interaction.author_id.distinct())).where(day)
    ).one()
    return Pulse(hour or 0, count, people, db.session.scalar(select(func.max(Interaction.received_at))))


def rows(by: User, criteria: Criteria) -> Iterator[Any]:
    """Everything for a file, oldest first, read in pieces."""
    parent = aliased(Interaction)
    query = (
        criteria.narrow(Interaction.visible_to(by))
        .join(Handle, Handle.id == Interaction.author_id)
        .join(ChannelAccount, ChannelAccount.id == Interaction.account_id)
        .outerjoin(ChannelPost, ChannelPost.id == Interaction.post_id)
        .outerjoin(parent, parent.id == Interaction.parent_id)
        .with_only_columns(
            Interaction.id, Interaction.received_at, Interaction.occurred_at, ChannelAccount.channel,
            ChannelAccount.name.label("account"), Interaction.kind, Handle.name.label("author"),
            Handle.public_id.label("author_id"), Interaction.text, Interaction.withdrawn_at, Interaction.public_id,
            parent.public_id.label("parent_id"), ChannelPost.public_id.label("post_id"), ChannelPost.text.label("post"),
        )
        .order_by(Interaction.received_at, Interaction.id)
    )  # fmt: skip
    some = db.session.execute(query.limit(AT_ONCE)).all()
    while some:
        yield from some
        last = (some[-1].received_at, some[-1].id)
        some = db.session.execute(query.where(_place() > last).limit(AT_ONCE)).all()


_WITH_ALL_THAT_IS_SHOWN = (
    joinedload(Interaction.author),
    joinedload(Interaction.account),
    joinedload(Interaction.post).lazyload(ChannelPost.pictures),
    joinedload(Interaction.parent).joinedload(Interaction.author),
)


def _place() -> Tuple:
    """Where a row stands in the order of the inbox; two places can be compared."""
    return tuple_(Interaction.received_at, Interaction.id)


def _mark(public_id: str) -> tuple[datetime, int] | None:
    query = select(Interaction.received_at, Interaction.id).where(Interaction.public_id == public_id)
    found = db.session.execute(query).one_or_none() if public_id else None
    return (found.received_at, found.id) if found is not None else None


def _possible(day: date) -> date:
    """The day, or the nearest for which every zone has a moment."""
    return min(max(day, FIRST_DAY), LAST_DAY)
