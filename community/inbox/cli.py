"""`flask import threads FILE`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import click
from flask.cli import with_appcontext

from commons import clock
from commons.db import db
from community.inbox.fields import BadLine
from community.inbox.importing import load, tell_of_growth
from community.inbox.progress import Progress, progress
from community.inbox.threadfile import ThreadFile, UnusableFile, opened
from community.inbox.threadline import Thread, parse

SOME_LINES_BAD = 1
FILE_UNUSABLE = 2
INTERRUPTED = 130
NODES_IN_A_COMMIT = 5000
GROWTH = 1000


@click.group("import")
def import_group() -> None:
    """Bring in what was written elsewhere."""


@dataclass
class Tally:
    """What a run has done so far; `told` is how many were new when the database was last told of its growth."""

    posts: int = 0
    new: int = 0
    known: int = 0
    bad: int = 0
    told: int = GROWTH
    began: float = field(default_factory=time.monotonic)

    @property
    def rate(self) -> float:
        return (self.new + self.known) / max(time.monotonic() - self.began, 0.001)

    def __str__(self) -> str:
        bad = f", {self.bad:,} {'line' if self.bad == 1 else 'lines'} skipped" if self.bad else ""
        return (
            f"{self.posts:,} new {'post' if self.posts == 1 else 'posts'}, {self.new:,} new interactions,"
            f" {self.known:,} known already{bad} ({self.rate:,.0f} a second)"
        )


@import_group.command("threads")
@click.argument("file")
@with_appcontext
def import_threads(file: str) -> None:
    """Read threads from FILE (.jsonl or .jsonl.gz; - is standard input), one a line.

    A thread is taken as a whole or not at all, so a run may be stopped and started again at any moment: what is there
    already is not written twice. Exit status: 0 all well, 1 lines were skipped, 2 the file could not be used, 130 stopped.
    """
    tally = Tally()
    try:
        with opened(file) as threads, progress(sys.stderr) as shown:
            _import_all(threads, tally, shown)
    except UnusableFile as error:
        _say(f"{file}: {error}.")
        status = FILE_UNUSABLE
    except KeyboardInterrupt:
        _say("Stopped. What was read so far is kept; run the same command again to go on.")
        status = INTERRUPTED
    else:
        status = SOME_LINES_BAD if tally.bad else 0
    finally:
        db.session.rollback()
    click.echo(str(tally))
    sys.exit(status)


def _import_all(threads: ThreadFile, tally: Tally, shown: Progress) -> None:
    for bundle in _bundles(threads, tally, shown):
        _load(bundle, tally)
        shown.now_at(threads.share, tally.posts, tally.new + tally.known, tally.rate)


def _bundles(threads: ThreadFile, tally: Tally, shown: Progress) -> Iterator[list[Thread]]:
    """Threads that go into one commit, as the cost of a commit hardly depends on its size; from a pipe, whose next line may
    be long in coming, each goes into its own. What was read before the file broke off is given as well."""
    most = NODES_IN_A_COMMIT if threads.size else 0
    bundle: list[Thread] = []
    try:
        for line in threads.lines():
            try:
                bundle.append(_thread(line))
            except BadLine as error:
                tally.bad += 1
                shown.say(f"line {threads.number}: {error}; skipped")
            if sum(len(thread.nodes) for thread in bundle) >= most:
                yield bundle
                bundle = []
    except UnusableFile:
        yield bundle
        raise
    yield bundle


def _thread(line: bytes | None) -> Thread:
    if line is None:
        raise BadLine("longer than a line may be")
    return parse(line)


def _load(threads: Sequence[Thread], tally: Tally) -> None:
    """All of them or none."""
    loaded = [load(thread, clock.now()) for thread in threads]
    db.session.commit()
    tally.posts += sum(one.post_is_new for one in loaded)
    tally.new += sum(one.interactions.new for one in loaded)
    tally.known += sum(one.interactions.known for one in loaded)
    if tally.new >= 2 * tally.told:
        tell_of_growth()
        db.session.commit()
        tally.told = tally.new


def _say(words: str) -> None:
    click.echo(words, err=True)
