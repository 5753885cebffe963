"""The figures of influence, read from what happened: a fixed number of queries for however many members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, Select, and_, func, select, union
from sqlalchemy.orm import aliased

from commons.db import db
from community.channels.models import ChannelAccount, ChannelPost
from community.circle.interests.models import CirclePost
from community.inbox.models import Interaction
from community.members.models import Handle
from community.seed_users import slots
from community.seed_users.influence import DAYS, Figures
from community.seed_users.models import Acceptance


def figures_of(member_ids: Collection[int], at: datetime) -> dict[int, Figures]:
    """The figures of each member, over the `DAYS` before `at`."""
    since = at - timedelta(days=DAYS)
    followers, spread = _followers(member_ids), _spread(member_ids, since)
    answered, brought = _answered_by(member_ids, since), _brought(member_ids, since)
    return {
        member_id: Figures(followers.get(member_id), spread[member_id], answered[member_id], brought[member_id])
        for member_id in member_ids
    }


def _followers(member_ids: Collection[int]) -> dict[int, int]:
    """What a network told last with a post of theirs; of several networks together."""
    author = ChannelPost.facts["author"]
    query = (
        select(Handle.member_id, Handle.id, author["followers"].as_integer())
        .join(ChannelAccount, ChannelAccount.channel == Handle.channel)
        .join(
            ChannelPost,
            and_(ChannelPost.account_id == ChannelAccount.id, author["uid"].as_string() == Handle.external_id),
        )
        .where(Handle.member_id.in_(member_ids))
        .order_by(ChannelPost.published_at, ChannelPost.id)
    )
    newest = {(member_id, handle_id): number for member_id, handle_id, number in db.session.execute(query)}
    together: Counter[int] = Counter()
    for (member_id, _handle), number in newest.items():
        if member_id is not None and number is not None:
            together[member_id] += number
    return dict(together)


def _spread(member_ids: Collection[int], since: datetime) -> Counter[int]:
    """How many comments, reposts and mentions of others hang, at any depth, below what they wrote."""
    below = (
        select(Handle.member_id.label("owner"), Interaction.id.label("node"))
        .join(Interaction, Interaction.author_id == Handle.id)
        .where(Handle.member_id.in_(member_ids), Interaction.occurred_at > since, Interaction.withdrawn_at.is_(None))
        .cte("below", recursive=True)
    )
    answer = aliased(Interaction)
    # UNION, not UNION ALL: what hangs below two of one's own words is counted once.
    below = below.union(
        select(below.c.owner, answer.id)
        .join(answer, answer.parent_id == below.c.node)
        .where(answer.withdrawn_at.is_(None))
    )
    query = (
        select(below.c.owner, func.count())
        .join(Interaction, Interaction.id == below.c.node)
        .join(Handle, Handle.id == Interaction.author_id)
        .where(func.coalesce(Handle.member_id, 0) != below.c.owner)
        .group_by(below.c.owner)
    )
    return _counted(query)


def _answered_by(member_ids: Collection[int], since: datetime) -> Counter[int]:
    """How many different people answered them, on channels, in the feed or in an interest circle."""
    pairs = union(
        _pairs(Interaction, Interaction.occurred_at, member_ids, since),
        _pairs(CirclePost, CirclePost.said_at, member_ids, since),
    ).subquery()
    return _counted(select(pairs.c.owner, func.count()).group_by(pairs.c.owner))


def _pairs(model: Any, said: Any, member_ids: Collection[int], since: datetime) -> Select[int | None, int]:
    """Who was answered, and by whom: a member counts once, whatever handle he uses."""
    asked, mine, other = aliased(model), aliased(Handle), aliased(Handle)
    return (
        select(mine.member_id.label("owner"), func.coalesce(other.member_id, -other.id).label("other"))
        .join(asked, asked.author_id == mine.id)
        .join(model, model.parent_id == asked.id)
        .join(other, other.id == model.author_id)
        .where(mine.member_id.in_(member_ids), said > since, model.withdrawn_at.is_(None))
        .where(func.coalesce(other.member_id, 0) != mine.member_id, other.user_id.is_(None))
    )


def _brought(member_ids: Collection[int], since: datetime) -> Counter[int]:
    """How many joined by one of their codes, or by something else that they shared."""
    query = (
        select(Acceptance.inviter_id, func.count())
        .where(Acceptance.inviter_id.in_(member_ids), Acceptance.accepted_at > since)
        .group_by(Acceptance.inviter_id)
    )
    found = _counted(query)
    for plug in slots.brought:
        found.update(_only(plug(member_ids, since)))
    return found


def _only(counts: Mapping[int, int]) -> Counter[int]:
    return Counter(dict(counts))


def _counted(query: Executable) -> Counter[int]:
    return Counter({member_id: count for member_id, count in db.session.execute(query) if member_id is not None})
