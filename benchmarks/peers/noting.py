"""What all peers do: a job notes its number and the time in Valkey; at the end everything is printed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import redis

URL = os.environ.get("PEER_URL") or (sys.argv[1] if len(sys.argv) > 4 else "")
LINE = "peer:done"
WITHIN = 170.0


@cache
def connection() -> redis.Redis:
    return redis.Redis.from_url(os.environ.get("PEER_URL") or URL)


def note(number: int) -> None:
    connection().rpush(LINE, f"{number} {time.time()}")


def program(*words: str) -> subprocess.Popen[bytes]:
    """Start a program of the peers' environment; what it has to say goes to standard error."""
    own = Path(sys.executable).with_name(words[0])
    command = [str(own if own.exists() else words[0]), *words[1:]]
    environ = {**os.environ, "PEER_URL": URL}
    return subprocess.Popen(command, env=environ, stdout=sys.stderr, start_new_session=True)


def stop(*crew: subprocess.Popen[bytes]) -> None:
    for process in crew:
        os.killpg(process.pid, signal.SIGTERM)
    for process in crew:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def await_all(rows: int) -> None:
    """Wait until `rows` jobs have noted their time, then print all of it."""
    last = time.monotonic() + WITHIN
    while connection().llen(LINE) < rows and time.monotonic() < last:
        time.sleep(0.25)
    for line in connection().lrange(LINE, 0, -1):
        print(line.decode())
