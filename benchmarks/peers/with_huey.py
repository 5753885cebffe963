"""Huey: each job by `schedule(eta=…)`, a consumer with two worker processes that looks for due jobs every second."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from huey import RedisHuey

from benchmarks.peers.noting import URL, await_all, note, program, stop

huey = RedisHuey("peer", url=URL, results=False, utc=True)


@huey.task()
def note_time(number: int) -> None:
    note(number)


def main() -> None:
    due, rows, workers = float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    eta = datetime.fromtimestamp(due, UTC)
    for number in range(rows):
        note_time.schedule((number,), eta=eta)
    crew = program(
        "huey_consumer", "benchmarks.peers.with_huey.huey", "-w", str(workers), "-k", "process", "-s", "1", "-q"
    )
    await_all(rows)
    stop(crew)


if __name__ == "__main__":
    from benchmarks.peers import with_huey  # under the name by which the consumer knows the task

    with_huey.main()
