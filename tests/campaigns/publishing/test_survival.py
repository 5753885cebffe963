"""A process is killed every second while posts go out to a network: none is there twice, and none is lost without a word."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from campaigns.posts.models import BrandPost, PostVariant
from campaigns.publishing.models import Delivery, DeliveryState
from commons import clock
from commons.db import db, random_id
from commons.permissions import Role
from community.channels import accounts
from community.channels.models import ChannelAccount
from tests.community.channels.bluesky_server import BlueskyServer
from tests.community.channels.contract import ContractServer
from tests.community.channels.mastodon_server import MastodonServer
from tests.community.channels.weibo_server import WeiboServer
from tests.factories import make_staff
from tests.servers.live import Live
from tests.servers.processes import NotReady, await_true

pytestmark = [
    pytest.mark.kill,
    pytest.mark.timeout(900),
    pytest.mark.parametrize("engine", ["postgresql"], indirect=True),
]

POSTS = 2_000
KILLS = 25
CREW = ("tick", "worker-networks", "worker-networks:2")
ENDED = {DeliveryState.PUBLISHED, DeliveryState.UNKNOWN}


def write_posts(account: ChannelAccount, count: int) -> None:
    """As the team would have left them: scheduled, and due now."""
    author = make_staff(Role.SOCIAL_MANAGER, "阿岚")
    at = datetime.now(UTC)
    same = {"author_id": author.id, "revision": 1, "created_at": at, "changed_at": at}
    texts = ({**same, "public_id": random_id(), "text": f"第 {n} 泡 https://tea.example/{n}"} for n in range(count))
    post_ids = list(db.session.scalars(insert(BrandPost).returning(BrandPost.id), list(texts)))
    variants = [{"post_id": post_id, "account_id": account.id, "more": None} for post_id in post_ids]
    db.session.execute(insert(PostVariant), variants)
    planned = {
        "account_id": account.id, "state": DeliveryState.SCHEDULED, "zone": "UTC", "scheduled_by_id": author.id,
        "wall_clock": f"{at:%Y-%m-%dT%H:%M:%S}", "due_at": at, "late_at": at + timedelta(hours=1),
    }  # fmt: skip
    rows = [{**planned, "public_id": random_id(), "post_id": post_id} for post_id in post_ids]
    db.session.execute(insert(Delivery), rows)
    db.session.commit()


def states() -> Mapping[DeliveryState, int]:
    with db.engine.connect() as connection:
        query = select(Delivery.state, func.count()).group_by(Delivery.state)
        return {row[0]: row[1] for row in connection.execute(query)}


def kill_one_a_second(live: Live, chance: random.Random) -> None:
    """Kill -9 a process of the crew, or the queue's server, each second; whatever was killed is started again."""
    for _ in range(KILLS):
        name = chance.choice((*CREW, "valkey"))
        if name == "valkey":
            live.valkey.kill()
            live.valkey.start()
        else:
            live.kill(name)
            live.start(name)
        try:
            await_true(lambda: set(states()) <= ENDED, "all of them ended before the killing did", within=1, every=0.2)
        except NotReady:
            continue
        return


def twice(server: ContractServer) -> list[str]:
    """Texts that stand on the network more than once."""
    return [text for text, count in Counter(post["text"] for post in server.standing()).items() if count > 1]


def test_each_network_gets_each_post_once_whatever_is_killed(live: Live, live_app: Flask) -> None:
    with ExitStack() as stack:
        servers = {name: stack.enter_context(server) for name, server in make_servers().items()}
        for server in servers.values():
            server.misbehave("drop_after", where=server.posting, times=None, share=0.02)
        live.settings["OUTBOUND_ALLOW"] = ",".join(f"127.0.0.1:{server.port}" for server in servers.values())
        live.settings |= {"CALL_LEASE_SECONDS": "5", "JOBS_LEASE_SECONDS": "5"}
        for name, server in servers.items():
            write_posts(accounts.accept(server.connection(), name, clock.now()), POSTS)
        live.start(*CREW)

        kill_one_a_second(live, random.Random(7))
        for server in servers.values():
            server.behave()
        await_true(lambda: set(states()) <= ENDED, "all of them ended", within=600, every=0.5)

        db.session.expire_all()
        for name, server in servers.items():
            assert twice(server) == []
            check_what_is_said_of(name, {number_in(post["text"]) for post in server.standing()})


def check_what_is_said_of(network: str, there: set[str]) -> None:
    """What is said of the deliveries to a network is true of what stands there."""
    query = select(BrandPost.text, Delivery.state).join(BrandPost, BrandPost.id == Delivery.post_id)
    rows = db.session.execute(query.join(ChannelAccount).where(ChannelAccount.channel == network)).all()
    published = {number_in(text) for text, state in rows if state is DeliveryState.PUBLISHED}
    unknown = {number_in(text) for text, state in rows if state is DeliveryState.UNKNOWN}
    assert len(rows) == len(published) + len(unknown) == POSTS
    assert published <= there
    assert there - published <= unknown
    if network in {"mastodon", "bluesky"}:  # they can be asked, or take the same twice as once
        assert unknown == set()


def number_in(text: str) -> str:
    """Which post it is: a network may show its address in a form of its own."""
    return text.split()[1]


def make_servers() -> Mapping[str, ContractServer]:
    """One for each network that can be asked, none of them with a limit that would slow this down."""
    return {
        "mastodon": MastodonServer(limit=10**6),
        "bluesky": BlueskyServer(limit=10**9),
        "weibo": WeiboServer(per_hour=10**6, per_day=10**6),
    }
