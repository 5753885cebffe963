"""The calendar of a month with 2,000 posts, as a signed-in person gets it: from the request to the last byte.

Beside it, in the same run through the same application, a view that answers with the same bytes out of memory: what the
house (routing, session, guard, headers) costs by itself. The posts go to two accounts in turn, half of them belong to
a campaign, every text its own, published ones with their lateness; clashes and likeness are looked for in all of them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select

from campaigns.planning.models import Campaign, CampaignKind
from campaigns.posts.models import BrandPost
from campaigns.posts.planner.clashes import shape
from campaigns.publishing.models import Delivery, DeliveryState
from commons import clock, zones
from commons.accounts.models import User
from commons.bulk import random_ids
from commons.db import db
from commons.permissions import Role
from commons.web import public
from community.channels.accounts import circle_account, connect

POSTS = 2_000
ROUNDS = 30
TARGET = 0.3
FIRST = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
VIEWS = {
    "month": "month=2026-03",
    "month, ready to select": "month=2026-03&select=1",
    "week": "view=week&day=2026-03-18",
    "day": "view=day&day=2026-03-18",
    "list of the whole month": "view=list&month=2026-03",
}
WORDS = "清明前后采的芽头比往年早一周山上雾大水汽足杀青用老师傅的铁锅火候看手感不看钟点泡三泡再说好坏"


@dataclass(frozen=True)
class Result:
    """Seconds: the first render (nothing remembered), the median and the slowest of the others, and the bare answer.

    `busy` is the median of processor time in this process: what remains on a machine that does nothing else.
    """

    view: str
    size: int
    first: float
    middle: float
    slowest: float
    busy: float
    static: float


def run() -> None:
    """Print, for each engine and view, our time beside that of the same bytes out of memory."""
    from tests.servers.postgres import Postgres
    from tests.servers.valkey import Valkey

    valkey, postgres = Valkey().start(), Postgres().start()
    clock.set_to(NOW)
    try:
        for engine in ("postgresql", "sqlite"):
            with tempfile.TemporaryDirectory(prefix="quanzi-bench-") as folder:
                _print(engine, _measure(engine, Path(folder), postgres, valkey.url))
    finally:
        clock.set_to(None)
        postgres.stop()
        valkey.stop()


def _print(engine: str, results: Sequence[Result]) -> None:
    print(f"\n{POSTS:,} posts in a month on {engine}; request to last byte, {ROUNDS} times each")
    print(f"  {'':<26} {'median':>9} {'slowest':>9} {'cold':>9} {'cpu':>9} {'size':>10} {'same bytes':>11}   ratio")
    for one in results:
        times = f"{one.middle * 1e3:>6.0f} ms {one.slowest * 1e3:>6.0f} ms {one.first * 1e3:>6.0f} ms {one.busy * 1e3:>6.0f} ms"
        beside = f"{one.static * 1e3:>8.1f} ms {one.middle / one.static:>6.0f} ×"
        kept = "" if one.middle < TARGET else f"   over {TARGET * 1e3:.0f} ms"
        print(f"  {one.view:<26} {times} {one.size / 1024:>7.0f} KB {beside}{kept}")


def _measure(engine: str, folder: Path, postgres: Any, redis_url: str) -> list[Result]:
    from tests.servers.applications import close, make_app
    from tests.servers.databases import Databases

    environ = {"REDIS_URL": redis_url, "SECRET_KEY": "only for measuring, never for use", "QUANZI_VAR": str(folder)}
    databases = Databases(engine, folder, postgres if engine == "postgresql" else None)
    databases.prepare(lambda url: make_app(environ, url))
    app = make_app(environ, databases.fresh())
    bodies: dict[str, bytes] = {}
    app.add_url_rule("/bench/<name>", "bench", public(lambda name: bodies[name]))
    with app.app_context():
        staff = _seed()
        assert db.session.scalar(select(func.count()).select_from(Delivery)) == POSTS
        db.session.commit()
        client = _client(app, staff)
        results = [_result(client, view, query, bodies) for view, query in VIEWS.items()]
    close(app)
    return results


def _result(client: FlaskClient, view: str, query: str, bodies: dict[str, bytes]) -> Result:
    shape.cache_clear()
    first = _seconds(lambda: bodies.update({"it": client.get(f"/posts/calendar?{query}").data}))
    assert b"data-calendar" in bodies["it"], "the calendar did not answer"
    ours = [_wall_and_cpu(lambda: client.get(f"/posts/calendar?{query}").data) for _ in range(ROUNDS)]
    walls, cpus = (sorted(times) for times in zip(*ours, strict=True))
    static = median(_seconds(lambda: client.get("/bench/it").data) for _ in range(ROUNDS))
    return Result(view, len(bodies["it"]), first, median(walls), walls[-1], median(cpus), static)


def _seconds(act: Callable[[], object]) -> float:
    return _wall_and_cpu(act)[0]


def _wall_and_cpu(act: Callable[[], object]) -> tuple[float, float]:
    begun, busy = time.perf_counter(), time.thread_time()
    act()
    return time.perf_counter() - begun, time.thread_time() - busy


def _client(app: Flask, staff: User) -> FlaskClient:
    from tests.factories import sign_in

    client = app.test_client()
    sign_in(client, staff)
    db.session.commit()
    return client


def _seed() -> User:
    from tests.factories import make_staff

    staff = make_staff(Role.SOCIAL_MANAGER)
    accounts = [circle_account(), connect("mastodon", "bench", "云脚", NOW)]
    campaigns = [_campaign(staff, number) for number in range(4)]
    db.session.add_all(campaigns)
    db.session.flush()
    ids = random_ids(POSTS)
    posts = [
        {
            "public_id": ids[number], "text": _text(number), "author_id": staff.id, "created_at": FIRST, "changed_at": FIRST,
            "campaign_id": campaigns[number % 8].id if number % 8 < 4 else None,
        }
        for number in range(POSTS)
    ]  # fmt: skip
    db.session.execute(insert(BrandPost), posts)
    post_ids = db.session.scalars(select(BrandPost.id).order_by(BrandPost.id)).all()
    db.session.execute(insert(Delivery), _deliveries(post_ids, [account.id for account in accounts]))
    db.session.commit()
    return staff


def _deliveries(post_ids: Sequence[int], account_ids: Sequence[int]) -> list[dict[str, Any]]:
    """One of each post, 22 minutes after the last, so that all of them stand in March."""
    ids = random_ids(len(post_ids))
    rows = []
    for number, post_id in enumerate(post_ids):
        due = FIRST + timedelta(minutes=22 * number)
        is_out = due < NOW
        local = zones.to_local(due, "Asia/Shanghai").isoformat(timespec="seconds")
        rows.append(
            {
                "public_id": ids[number], "post_id": post_id, "account_id": account_ids[number % 2], "due_at": due,
                "state": DeliveryState.PUBLISHED if is_out else DeliveryState.SCHEDULED, "wall_clock": local,
                "zone": "Asia/Shanghai", "published_at": due + timedelta(seconds=1.5) if is_out else None,
            }
        )  # fmt: skip
    return rows


def _text(number: int) -> str:
    """Sixty to a hundred characters, different for each number."""
    start = number * 7 % len(WORDS)
    turned = (WORDS[start:] + WORDS[:start])[:: 1 if number % 2 else -1]
    return (
        f"第{number}条 {chr(0x4E00 + number * 9 % 20_000)}{chr(0x4E00 + number * 17 % 20_000)}：{turned} {turned[:20]}"
    )


def _campaign(staff: User, number: int) -> Campaign:
    return Campaign(
        title=f"活动 {number}",
        kind=CampaignKind.CONTENT,
        goal_participants=10,
        starts_at=FIRST + timedelta(days=5 * number),
        ends_at=FIRST + timedelta(days=5 * number + 9),
        zone="Asia/Shanghai",
        lead_id=staff.id,
        created_at=FIRST,
        launched_at=FIRST,
    )
