"""Threads out of a file: the original becomes a post of an imported account, its nodes become interactions.

The author of an original stands for the brand; listening to other people's posts is another matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text

from commons.db import db
from commons.events import Event
from community.channels.accounts import connect
from community.channels.models import ChannelAccount, ChannelPost
from community.inbox.incoming import Incoming
from community.inbox.models import Interaction, InteractionKind
from community.inbox.receiving import Received, receive
from community.inbox.threadline import Node, Thread
from community.members.models import Handle

CHANNEL = "imported"
SHOWN_OF_UID = 7
GROWING = [model.__tablename__ for model in (ChannelPost, Event, Handle, Interaction)]
QUOTE = "//@"
"""How a repost begins to quote those before it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one thread brought: whether its post was new, and its interactions."""

    post_is_new: bool
    interactions: Received


def load(thread: Thread, at: datetime) -> Loaded:
    """Write a thread. Again, or with more nodes than before, adds what is missing. Flushed, not committed."""
    account = connect(CHANNEL, thread.uid, shown(thread.uid), at)
    post_is_new = _keep_post(account, thread, at)
    return Loaded(post_is_new, receive(account, [_incoming(thread, node) for node in thread.nodes], at))


def tell_of_growth() -> None:
    """Let PostgreSQL look at the tables that an import makes grow.

    Until it has, it plans for the small tables of before, and reads all of them for every thread. Its own daemon comes by
    once a minute: too late for a file that is read in less.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"ANALYZE {', '.join(GROWING)}"))


def shown(uid: str) -> str:
    """The name under which a pseudonym stands on the screen: its beginning."""
    return uid[:SHOWN_OF_UID]


def kind_of(text: str) -> InteractionKind:
    """A repost passes the original on, with no words of its own or with a quote of those before; else it is a comment."""
    return InteractionKind.REPOST if not text.strip() or QUOTE in text else InteractionKind.COMMENT


def _keep_post(account: ChannelAccount, thread: Thread, at: datetime) -> bool:
    query = select(ChannelPost.id).where(ChannelPost.account_id == account.id, ChannelPost.external_id == thread.id)
    if db.session.scalar(query) is not None:
        return False
    post = ChannelPost(
        account=account,
        external_id=thread.id,
        text=thread.text,
        author_name=account.name,
        published_at=thread.published_at,
        recorded_at=at,
        facts=thread.facts,
    )
    db.session.add(post)
    db.session.flush()
    return True


def _incoming(thread: Thread, node: Node) -> Incoming:
    return Incoming(
        external_id=f"{thread.id}/{node.n}",
        kind=kind_of(node.text),
        author_external_id=node.uid,
        author_name=shown(node.uid),
        occurred_at=thread.published_at + timedelta(seconds=node.seconds),
        text=node.text,
        post_external_id=thread.id,
        parent_external_id=f"{thread.id}/{node.parent}" if node.parent else None,
    )
