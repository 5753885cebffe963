"""How far a long import has come: a bar where somebody watches, a plain line now and then where nobody does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich import progress as rich_progress
from rich.console import Console

EVERY = 5.0


class Progress(Protocol):
    """What an import tells while it runs."""

    def now_at(self, share: float | None, posts: int, rows: int, rate: float) -> None:
        """So far: the share of the file (None: unknown), posts made, interactions seen, interactions a second."""

    def say(self, words: str) -> None:
        """A line that stays."""


@contextmanager
def progress(stream: TextIO) -> Iterator[Progress]:
    """A bar on a terminal, plain lines on anything else."""
    console = Console(file=stream)
    if not console.is_terminal:
        yield Lines(stream)
        return
    columns = (
        rich_progress.BarColumn(),
        rich_progress.TaskProgressColumn(),
        rich_progress.TextColumn("{task.fields[words]}"),
        rich_progress.TimeRemainingColumn(compact=True),
        rich_progress.TextColumn("left"),
    )
    with rich_progress.Progress(*columns, console=console, transient=True) as bar:
        yield Bar(bar)


class Bar:
    """The bar of a terminal."""

    def __init__(self, bar: rich_progress.Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None, words="")

    def now_at(self, share: float | None, posts: int, rows: int, rate: float) -> None:
        words = f"{posts:,} posts, {rows:,} interactions, {rate:,.0f}/s"
        total = None if share is None else 1.0
        self._bar.update(self._task, completed=share or 0.0, total=total, words=words)

    def say(self, words: str) -> None:
        self._bar.console.print(words, markup=False, highlight=False, soft_wrap=True)


class Lines:
    """A line every few seconds, for logs and pipes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._began = self._said = time.monotonic()

    def now_at(self, share: float | None, posts: int, rows: int, rate: float) -> None:
        now = time.monotonic()
        if now - self._said >= EVERY:
            self._said = now
            self.say(f"{posts:,} posts, {rows:,} interactions, {rate:,.0f} a second{self._left(share, now)}")

    def say(self, words: str) -> None:
        print(words, file=self._stream, flush=True)

    def _left(self, share: float | None, now: float) -> str:
        if not share:
            return ""
        return f", {share:.0%}, about {(now - self._began) * (1 - share) / share:,.0f} s left"
