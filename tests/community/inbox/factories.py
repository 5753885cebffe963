"""What the tests of the inbox are made of: accounts elsewhere, things that come in, lines of thread files."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from commons.db import db
from community.channels.accounts import connect
from community.channels.models import ChannelAccount, ChannelPost
from community.inbox.incoming import Incoming
from community.inbox.models import Interaction, InteractionKind
from community.inbox.receiving import receive
from tests.factories import NOON


def make_account(external_id: str = "teahouse", channel: str = "elsewhere") -> ChannelAccount:
    return connect(channel, external_id, "茶馆", NOON)


def make_post(account: ChannelAccount, external_id: str = "post", text: str = "春茶到店。") -> ChannelPost:
    post = ChannelPost(
        account=account,
        external_id=external_id,
        text=text,
        author_name="茶馆",
        published_at=NOON,
        recorded_at=NOON,
    )
    db.session.add(post)
    db.session.flush()
    return post


def incoming(external_id: str, **changes: Any) -> Incoming:
    """A comment of 小满 under the post, a minute after it."""
    usual: dict[str, Any] = {
        "kind": InteractionKind.COMMENT,
        "author_external_id": "xiaoman",
        "author_name": "小满",
        "occurred_at": NOON + timedelta(minutes=1),
        "text": "好茶！",
        "post_external_id": "post",
    }
    return Incoming(external_id=external_id, **(usual | changes))


def come_in(account: ChannelAccount, *external_ids: str, at: datetime = NOON, **changes: Any) -> list[Interaction]:
    """Receive comments with these ids and give them back as rows."""
    receive(account, [incoming(name, **changes) for name in external_ids], at)
    return [found(account, name) for name in external_ids]


def found(account: ChannelAccount, external_id: str) -> Interaction:
    query = select(Interaction).where(Interaction.account_id == account.id, Interaction.external_id == external_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def thread_line(nodes: list[list[Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """A line of a thread file before it is JSON: three nodes, the second answers the first."""
    usual = {
        "id": "thread-1",
        "label": "non-rumor",
        "text": "谁家的春茶最香？",
        "year": 2012,
        "weekday": 2,
        "hour": 21,
        "author": {
            "uid": "u0123456789ab", "followers": 1200, "friends": 80, "posts": 45, "verified": True, "verified_type": 0,
            "gender": "f", "province": "福建", "account_age_days": 400,
        },
        "platform_counts": {"reposts": 2, "comments": 1, "likes": 9},
        "thread": nodes if nodes is not None else [
            [1, 0, 30, "uaaaaaaaaaaaa", "我家的！"],
            [2, 1, 90, "ubbbbbbbbbbbb", ""],
            [3, 0, 3700, "ucccccccccccc", "同意//@我家：香"],
        ],
    }  # fmt: skip
    return usual | changes


def as_line(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode() + b"\n"
