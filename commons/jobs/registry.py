"""What can be done in the background: jobs by name, sweeps, and the timetable. Filled when rooms are imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., object])

QUEUES = ("publishing", "networks", "looking", "proving", "default")
TRIES = 6


@dataclass(frozen=True, slots=True)
class Known:
    """A function that rows of the outbox may name."""

    name: str
    function: Callable[..., object]
    queue: str
    tries: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """Rows of a domain that come due by themselves: how the tick claims them, how a worker does one, or many at once."""

    name: str
    queue: str
    claim: Callable[[datetime, int], Sequence[int]]
    run: Callable[[int, datetime], object]
    run_many: Callable[[Sequence[int], datetime], set[int]] | None = None


class UnknownJob(LookupError):
    """Nothing is registered under this name."""


jobs: dict[str, Known] = {}
sweeps: dict[str, Sweep] = {}
periods: dict[str, int] = {}


def job(name: str, *, queue: str = "default", tries: int = TRIES) -> Callable[[Function], Function]:
    """Register a function as the job `name`.

    A worker calls it with the row's JSON arguments in a transaction of its own and commits that together with the row's
    end. It may be called again after a failure (at most `tries` times in all), so it must be safe to call twice.
    """

    def register(function: Function) -> Function:
        _check(name, function, queue)
        jobs[name] = Known(name, function, queue, tries)
        return function

    return register


def sweep(
    name: str,
    *,
    queue: str = "default",
    claim: Callable[[datetime, int], Sequence[int]],
    run: Callable[[int, datetime], object],
    run_many: Callable[[Sequence[int], datetime], set[int]] | None = None,
) -> None:
    """Register a sweep: once a second the tick asks `claim(at, limit)` for ids, a worker calls `run(id, at)` for each.

    `claim` is a conditional update with a lease in the domain. `run` gets a transaction of its own, committed by the
    worker, and must be safe to call twice: what is no longer to be done is left alone. `run_many(ids, at)`, if there is
    one, does what it can of a whole batch in one transaction and says which; `run` does the rest, and all of it when
    `run_many` fails.
    """
    _check(name, run, queue)
    sweeps[name] = Sweep(name, queue, claim, run, run_many)


def every(name: str, *, seconds: int) -> None:
    """Send the job `name` once in every `seconds`, exactly once a turn however many ticks there are."""
    periods[name] = seconds


def known(name: str) -> Known:
    """The job of that name. Raises `UnknownJob`."""
    try:
        return jobs[name]
    except KeyError:
        raise UnknownJob(f"no job is registered as {name!r}") from None


def _check(name: str, function: Callable[..., Any], queue: str) -> None:
    """Names are unique, so that a row means one thing; importing a room anew is no conflict."""
    taken = jobs[name].function if name in jobs else sweeps[name].run if name in sweeps else None
    if taken is not None and (taken.__module__, taken.__qualname__) != (function.__module__, function.__qualname__):
        raise ValueError(f"{name!r} is already registered by {taken.__module__}")
    if queue not in QUEUES:
        raise ValueError(f"{queue!r} is not a queue; there are {', '.join(QUEUES)}")
