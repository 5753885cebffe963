"""Plain RQ: each job by `enqueue_at`, two workers, one of them with the scheduler."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from rq import Queue

from benchmarks.peers.noting import URL, await_all, connection, note, program, stop


def main() -> None:
    due, rows, workers = float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    queue = Queue("peer", connection=connection())
    when = datetime.fromtimestamp(due, UTC)
    jobs = [Queue.prepare_data(note, args=[number], result_ttl=0) for number in range(rows)]
    for prepared in jobs:
        queue.enqueue_at(when, prepared.func, *prepared.args, result_ttl=0)
    words = ["rq", "worker", "peer", "--url", URL, "--quiet", "--results-ttl", "0"]
    crew = [program(*words, "--with-scheduler"), *(program(*words) for _ in range(workers - 1))]
    await_all(rows)
    stop(*crew)


if __name__ == "__main__":
    main()
