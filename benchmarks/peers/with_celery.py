"""Celery: each job by `apply_async(eta=…)`, two worker processes."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime

from celery import Celery

from benchmarks.peers.noting import URL, await_all, note, program, stop

app = Celery("peer", broker=f"{URL.replace('unix://', 'redis+socket://')}" if URL else None)
app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=0, broker_connection_retry_on_startup=True)


@app.task(name="note")
def note_time(number: int) -> None:
    note(number)


def main() -> None:
    due, rows, workers = float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    os.environ["PEER_URL"] = sys.argv[1]
    words = [
        "celery",
        "-A",
        "benchmarks.peers.with_celery",
        "worker",
        "--concurrency",
        str(workers),
        "--loglevel",
        "ERROR",
    ]
    crew = program(*words)
    eta = datetime.fromtimestamp(due, UTC)
    try:
        with app.producer_pool.acquire(block=True) as producer:
            for number in range(rows):
                note_time.apply_async((number,), eta=eta, producer=producer)
        assert time.time() < due, "handing over took longer than the lead"
        await_all(rows)
    finally:
        stop(crew)


if __name__ == "__main__":
    main()
