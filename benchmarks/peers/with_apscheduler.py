"""APScheduler 3: each job a date trigger in its Redis job store, so that a restart loses none, and two worker processes."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from urllib.parse import urlsplit

from apscheduler.executors.pool import ProcessPoolExecutor
from apscheduler.jobstores.redis import RedisJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from benchmarks.peers.noting import URL, await_all, note


def main() -> None:
    due, rows, workers = float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    scheduler = BackgroundScheduler(
        timezone=UTC,
        jobstores={"default": RedisJobStore(unix_socket_path=urlsplit(URL).path)},
        executors={"default": ProcessPoolExecutor(workers)},
        job_defaults={"misfire_grace_time": None, "coalesce": False},
    )
    scheduler.start(paused=True)
    when = datetime.fromtimestamp(due, UTC)
    for number in range(rows):
        scheduler.add_job(note, "date", run_date=when, args=[number])
    scheduler.resume()
    await_all(rows)
    scheduler.shutdown(wait=False)


if __name__ == "__main__":
    main()
