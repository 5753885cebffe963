"""Visits on their way to the database: appended to a local file at the redirect, written in batches behind it.

The visitor waits for one short write to the machine's own disk, never for the database. A segment is a file of JSON
lines that its process keeps locked while it appends; a segment whose lock is free (its process is done with it, or
dead) may be written to the database by anybody on this machine. Every visit has a `uid`, so a segment that was
written but not yet removed when the plug was pulled changes nothing when it is written again.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from commons.db import random_id

log = logging.getLogger(__name__)

Row = dict[str, Any]


class Spool:
    """The spool of one process: `add` from any thread, `drain` from one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._segment: IO[str] | None = None

    def add(self, row: Row) -> None:
        """Append one visit; when this returns it survives the death of the process."""
        line = json.dumps(row) + "\n"
        with self._lock:
            self._segment = self._segment or self._new_segment()
            self._segment.write(line)
            self._segment.flush()

    def drain(self, write: Callable[[Sequence[Row]], None]) -> int:
        """Hand every finished segment to `write` (which commits) and remove it; the number of visits handed over.

        An error of `write` leaves the segment in place for the next time and is raised.
        """
        self.close()
        return sum(self._drain_one(path, write) for path in sorted(self.folder.glob("*.jsonl")))

    def close(self) -> None:
        """Let go of the segment in use: from now on anybody may drain it. The next visit begins another."""
        with self._lock:
            segment, self._segment = self._segment, None
        if segment is not None:
            segment.close()

    def _new_segment(self) -> IO[str]:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{os.getpid()}-{random_id()}"
        unlocked = self.folder / f"{name}.new"
        segment = unlocked.open("a", encoding="ascii")
        fcntl.flock(segment, fcntl.LOCK_EX)
        unlocked.rename(self.folder / f"{name}.jsonl")  # only now may others look at it, and find it locked
        return segment

    def _drain_one(self, path: Path, write: Callable[[Sequence[Row]], None]) -> int:
        try:
            segment = path.open(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return 0
        with segment:
            try:
                fcntl.flock(segment, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return 0
            if os.fstat(segment.fileno()).st_nlink == 0:
                return 0  # somebody else wrote and removed it between our opening and our lock
            rows = list(_rows(segment, path))
            if rows:
                write(rows)
            path.unlink(missing_ok=True)
        return len(rows)


def _rows(segment: IO[str], path: Path) -> Iterator[Row]:
    for line in segment:
        try:
            yield json.loads(line)
        except json.JSONDecodeError:
            log.warning("half a line in %s, left by a process that died while writing", path.name)
