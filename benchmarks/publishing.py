"""10,000 posts due in one second, really published: post in the feed, fact, attempt, and with them the receipt.

Through the whole of Quanzi: tick → queue → two workers, on PostgreSQL with every commit on disk. A post counts as out when
the commit that shows it has happened, by PostgreSQL's own clock. Beside it, on the same Valkey in the same run: Celery, Huey,
APScheduler and plain RQ with two workers each, for which a job is only to note the time and survives a restart; APScheduler once
more with its jobs in memory only, which a kill loses; and two bare loops with SKIP LOCKED on the same PostgreSQL, batches of 250,
which is what the database can do.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text

from benchmarks.lateness import (
    LEAD,
    PEER_BATCH,
    ROWS,
    WITHIN,
    WORKERS,
    Result,
    await_all,
    bare_peer,
    full_second,
    processes,
    show,
)
from benchmarks.peers import PEERS, TENTH, peers_python
from campaigns.posts.models import BrandPost, PostVariant
from campaigns.publishing.models import Attempt, Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db, random_id
from commons.events import Event
from commons.permissions import Role
from community.channels.accounts import circle_account
from community.channels.models import ChannelPost

ROOT = Path(__file__).resolve().parent.parent
DURABLE = {"track_commit_timestamp": "on", "max_wal_size": "2GB"}
MINUTES_AHEAD = timedelta(minutes=30)


def run() -> None:
    """Print how late the posts were, beside the peers."""
    from tests.servers.postgres import Postgres
    from tests.servers.valkey import Valkey

    python = peers_python()
    valkey, postgres = Valkey().start(), Postgres(DURABLE).start()
    try:
        with tempfile.TemporaryDirectory(prefix="quanzi-bench-") as folder:
            results = [_ours(postgres.create("ours"), valkey, Path(folder))]
        results.append(bare_peer("bare SKIP LOCKED, batches of 250", postgres, PEER_BATCH))
        results += [_peer(name, python, valkey) for name in PEERS]
    finally:
        postgres.stop()
        valkey.stop()
    show(f"{ROWS:,} posts due in one second, {WORKERS} workers; lateness from due to done", results)


def _ours(url: str, valkey: Any, folder: Path) -> Result:
    from wsgi import create_app

    environ = os.environ | {
        "DATABASE_URL": url, "REDIS_URL": valkey.url, "SECRET_KEY": "only for measuring, never for use at all",
        "QUANZI_VAR": str(folder), "QUANZI_DEMO": "0", "BASE_URL": "http://127.0.0.1:8000",
    }  # fmt: skip
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    subprocess.run([*flask, "prepare"], env=environ, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    os.environ.update(environ)
    app = create_app()
    with app.app_context():
        _write_posts()
        with processes(flask, "publishing", environ):
            due = _let_them_be_due()
            await_all(select(func.count()).select_from(Delivery).where(Delivery.state == DeliveryState.PUBLISHED))
        result = _result(due)
        db.session.remove()
        db.engine.dispose()
    return result


def _write_posts() -> None:
    """As the team would have left them: written, for the circle, scheduled for a while from now."""
    at = datetime.now(UTC)
    author = User(email="lan@example.org", name="阿岚", role=Role.SOCIAL_MANAGER, created_at=at, confirmed_at=at)
    db.session.add(author)
    db.session.flush()
    account = circle_account()
    due = at + MINUTES_AHEAD
    same = {"author_id": author.id, "revision": 1, "created_at": at, "changed_at": at}
    texts = ({**same, "public_id": random_id(), "text": f"第{number}泡：今天的茶很香。"} for number in range(ROWS))
    post_ids = list(db.session.scalars(insert(BrandPost).returning(BrandPost.id), list(texts)))
    db.session.execute(
        insert(PostVariant), [{"post_id": post_id, "account_id": account.id, "more": None} for post_id in post_ids]
    )
    planned = {
        "account_id": account.id, "state": DeliveryState.SCHEDULED, "zone": "UTC", "scheduled_by_id": author.id,
        "wall_clock": f"{due:%Y-%m-%dT%H:%M:%S}", "due_at": due, "late_at": due + timedelta(minutes=10),
    }  # fmt: skip
    db.session.execute(
        insert(Delivery), [{**planned, "public_id": random_id(), "post_id": post_id} for post_id in post_ids]
    )
    db.session.commit()


def _let_them_be_due() -> datetime:
    """Move all of them to a full second that is near; which."""
    due = full_second(LEAD * 1.5)
    moved = {"due": due, "late": due + timedelta(minutes=10)}
    db.session.execute(text("UPDATE delivery SET due_at = :due, late_at = :late"), moved)
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    assert datetime.now(UTC) < due, "moving the posts took longer than the lead; the lateness would be wrong"
    return due


def _result(due: datetime) -> Result:
    shown = db.session.scalars(text("SELECT pg_xact_commit_timestamp(xmin) FROM channel_post")).all()
    kept = db.session.scalars(select(ChannelPost.external_id)).all()
    tried = db.session.scalar(select(func.count()).select_from(Attempt))
    told = db.session.scalar(select(func.count()).select_from(Event).where(Event.kind == "post.published"))
    db.session.rollback()
    assert (len(kept), tried, told) == (ROWS, ROWS, ROWS), (len(kept), tried, told)
    lateness = sorted((moment - due).total_seconds() for moment in shown)
    return Result("Quanzi, really published", lateness, lateness[-1], len(kept), len(kept) - len(set(kept)))


def _peer(name: str, python: Path, valkey: Any) -> Result:
    """Run one peer in its own environment; it prints the moment of each job, in seconds since the epoch."""
    with valkey.client() as connection:
        connection.flushall()
    due = full_second(LEAD * 5)
    rows = ROWS // 10 if name in TENTH else ROWS
    words = [str(python), "-m", f"benchmarks.peers.{name}", valkey.url, str(due.timestamp()), str(rows), str(WORKERS)]
    said = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True, timeout=WITHIN + 60).stdout
    moments = [line.split() for line in said.splitlines()]
    lateness = sorted(float(moment) - due.timestamp() for _number, moment in moments)
    numbers = [number for number, _moment in moments]
    return Result(PEERS[name], lateness, lateness[-1], len(set(numbers)), len(numbers) - len(set(numbers)))


if __name__ == "__main__":
    run()
