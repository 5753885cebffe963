"""APScheduler 3 with nothing to lose: each job a date trigger in the memory of one process, two threads. A kill loses all of it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from benchmarks.peers.noting import await_all, note


def main() -> None:
    due, rows, workers = float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    usual = {"misfire_grace_time": None, "coalesce": False}
    scheduler = BackgroundScheduler(
        timezone=UTC, executors={"default": ThreadPoolExecutor(workers)}, job_defaults=usual
    )
    when = datetime.fromtimestamp(due, UTC)
    for number in range(rows):
        scheduler.add_job(note, "date", run_date=when, args=[number])
    scheduler.start()
    await_all(rows)
    scheduler.shutdown(wait=False)


if __name__ == "__main__":
    main()
