"""Waking workers through Redis. What is told here is only a hint: rows that nobody was woken for are found by the tick."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, TypeVar

from flask import current_app

from commons.cli import valkey
from commons.config import Settings
from commons.jobs.claiming import Queued

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

WORK = "commons.jobs.working.work_through"
MOST_IDS = 250
SHARES = 16  # a burst is cut at least this fine, so that several workers have something to do
RESPITE = 5.0
PRESENT = "quanzi:worker:"
PRESENT_FOR = 45


class Bell:
    """One application's connection to Redis. While Redis is away it is left alone for a few seconds between two tries."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._redis: Redis | None = None
        self._away_until = 0.0

    @property
    def is_away(self) -> bool:
        return time.monotonic() < self._away_until

    @property
    def redis(self) -> Redis:
        if self._redis is None:
            self._redis = connect(self.url)
        return self._redis

    def went_away(self, error: Exception) -> None:
        log.warning("Redis is away (%s); the tick will find what is due", type(error).__name__)
        self._away_until = time.monotonic() + RESPITE


def redis_url(settings: Settings) -> str:
    """The server of `REDIS_URL`, else the embedded one."""
    return settings.redis_url or valkey.url(settings.var)


def connect(url: str) -> Redis:
    """A connection that gives up soon: whoever wakes must not wait."""
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2, retry=Retry(NoBackoff(), 1))


def wake(rows: Sequence[Queued]) -> bool:
    """Tell the workers of each queue which rows are ready. False when Redis is away; nothing is lost by that."""
    by_queue: defaultdict[str, list[Queued]] = defaultdict(list)
    for row in rows:
        by_queue[row.queue].append(row)
    told = [_ask(partial(_enqueue, queue, some), False) for queue, some in by_queue.items()]
    return all(told)


def unheard(queue: str) -> int | None:
    """How many wake-ups of `queue` no worker has taken yet; None when Redis is away."""
    return _ask(lambda mine: int(mine.redis.llen(f"rq:queue:{queue}")), None)


def announce(redis: Redis, queue: str, name: str, at: datetime) -> None:
    """A worker says that it is there; it has to say so again within `PRESENT_FOR` seconds."""
    redis.set(f"{PRESENT}{queue}:{name}", at.isoformat(), ex=PRESENT_FOR)


def leave(redis: Redis, queue: str, name: str) -> None:
    """A worker says good-bye."""
    redis.delete(f"{PRESENT}{queue}:{name}")


def present() -> dict[str, int] | None:
    """How many workers each queue has; None when Redis is away."""
    return _ask(_present, None)


def bell() -> Bell:
    """The current application's."""
    found: Bell = current_app.extensions["quanzi_bell"]
    return found


def _ask(question: Callable[[Bell], Answer], otherwise: Answer) -> Answer:
    """What Redis says, or `otherwise` while it is away."""
    from redis.exceptions import RedisError

    mine = bell()
    if mine.is_away:
        return otherwise
    try:
        return question(mine)
    except (RedisError, OSError) as error:
        mine.went_away(error)
        return otherwise


def _enqueue(queue: str, rows: Sequence[Queued], mine: Bell) -> bool:
    from rq import Queue
    from rq.serializers import JSONSerializer

    line = Queue(queue, connection=mine.redis, serializer=JSONSerializer)
    line.enqueue_many(
        Queue.prepare_data(
            WORK, args=[queue, ids], timeout=-1, result_ttl=0, failure_ttl=60, description=f"{len(ids)} rows"
        )
        for ids in _batches(rows)
    )
    return True


def _batches(rows: Sequence[Queued]) -> Iterator[list[int]]:
    together = [row.id for row in rows if not row.alone]
    size = max(1, min(MOST_IDS, ceil(len(together) / SHARES)))
    for start in range(0, len(together), size):
        yield together[start : start + size]
    for row in rows:
        if row.alone:
            yield [row.id]


def _present(mine: Bell) -> dict[str, int]:
    count: defaultdict[str, int] = defaultdict(int)
    for key in mine.redis.scan_iter(match=f"{PRESENT}*", count=500):
        name = key.decode() if isinstance(key, bytes) else str(key)
        count[name.removeprefix(PRESENT).partition(":")[0]] += 1
    return dict(count)
