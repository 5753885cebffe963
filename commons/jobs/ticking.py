"""The tick: one process at a time looks once a second for what is due and has it queued."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from commons import clock
from commons.db import changed, db, insert_new, random_id
from commons.jobs import claiming, outbox, registry, sweeping, timetable, waking
from commons.jobs.models import TickLease
from commons.jobs.registry import Sweep

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=6)
RENEWED_BEFORE = timedelta(seconds=4)
AT_ONCE = 1000
MOST_ROUNDS = 20
IN_FLIGHT = timedelta(seconds=2)
FORGOTTEN = timedelta(minutes=5)
LONG_LINE = 1000
LONGEST_PAUSE = 10.0


class Tick:
    """One tick process. Any number may run: the one that holds the lease works, the others stand by."""

    def __init__(self) -> None:
        self.holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{random_id(6)}"
        self._until: datetime | None = None

    def run(self, told_to_stop: Callable[[float], bool]) -> None:
        """Look once a second, at the full second; when told to stop, let another tick take over at once.

        `told_to_stop(seconds)` waits that long for the word to stop; whether it came.
        """
        failures = 0
        while not told_to_stop(self._pause(failures)):
            try:
                self.turn(clock.now())
                failures = 0
            except Exception as error:  # noqa: BLE001 (a tick without its database waits for it)
                failures += 1
                log.error("the tick cannot work: %s", _first_line(error))  # noqa: TRY400 (the database's words are enough)
            finally:
                db.session.remove()
        self._release()

    def turn(self, at: datetime) -> bool:
        """All of one look, if this process holds the lease; whether it does."""
        if not self._hold(at):
            return False
        _step("freeing lost work", lambda: claiming.free_lost(at))
        _step("the timetable", lambda: timetable.send_due(at))
        if not waking.bell().is_away:
            for sweep in tuple(registry.sweeps.values()):
                _sweep(sweep, at)
        _until_less(lambda: _queue_due(at))
        for queue in registry.QUEUES:
            _step(f"waking {queue} again", lambda q=queue: _wake_again(q, at))  # type: ignore[misc]
        return True

    def _hold(self, at: datetime) -> bool:
        """Take or keep the lease by conditional update; not written more often than needed, and anew when the clock is set back."""
        if self._until is not None and self._until - LEASE <= at < self._until - RENEWED_BEFORE:
            return True
        held = self._take(at, at + LEASE)
        if held != (self._until is not None):
            log.info("this tick is %s", "at work" if held else "standing by")
        self._until = at + LEASE if held else None
        return held

    def _take(self, at: datetime, until: datetime) -> bool:
        """Whoever holds it may keep it; anybody may take one that has ended, or that a clock ahead of the time has written."""
        over = (TickLease.until < at) | (TickLease.until > at + LEASE * 2)
        change = (
            update(TickLease)
            .where(TickLease.id == 1, (TickLease.holder == self.holder) | over)
            .values(holder=self.holder, until=until)
        )
        taken = changed(change) == 1 or _first_lease(self.holder, until)
        db.session.commit()
        return taken

    def _release(self) -> None:
        if self._until is None:
            return
        try:
            changed(
                update(TickLease).where(TickLease.id == 1, TickLease.holder == self.holder).values(until=clock.now())
            )
            db.session.commit()
        except Exception as error:  # noqa: BLE001 (the lease ends by itself)
            log.warning("the tick's lease was not given back: %s", _first_line(error))
        finally:
            db.session.remove()

    @staticmethod
    def _pause(failures: int) -> float:
        """Until the next full second; longer while the database does not answer."""
        return min(2.0 ** (failures - 1), LONGEST_PAUSE) if failures else 1.0 - time.time() % 1.0


def current_lease() -> TickLease | None:
    """Who is or was the last tick at work."""
    return db.session.scalars(select(TickLease).where(TickLease.id == 1)).one_or_none()


def _sweep(sweep: Sweep, at: datetime) -> None:
    if not _step(f"looking at {sweep.name}", lambda: sweeping.is_behind(sweep, at), otherwise=True):
        _until_less(lambda: _step(sweep.name, lambda: sweeping.sweep_due(sweep, at)))


def _queue_due(at: datetime) -> bool:
    return bool(_step("queueing", lambda: _queue_and_wake(claiming.queue_due(at, limit=AT_ONCE))))


def _wake_again(queue: str, at: datetime) -> bool:
    """Rows are queued, but who was to be told has forgotten it (Redis was emptied, a worker died on the way).

    An empty line in Redis while rows are queued says so at once. While the line never empties, a row that has waited
    very long is told again.
    """
    unheard = waking.unheard(queue)
    if unheard is None or unheard > LONG_LINE:
        return False
    before = at - (FORGOTTEN if unheard else IN_FLIGHT)
    return _queue_and_wake(claiming.queue_again(queue, before, at, limit=AT_ONCE * 10))


def _queue_and_wake(rows: list[claiming.Queued]) -> bool:
    outbox.wake_after_commit(rows)
    return len(rows) >= AT_ONCE


def _until_less(step: Callable[[], Any]) -> None:
    """Repeat while there may be more, up to a bound: the other work of this second waits meanwhile."""
    for _ in range(MOST_ROUNDS):
        if not step():
            return


def _step(name: str, work: Callable[[], Any], otherwise: Any = None) -> Any:
    """One piece of a turn in its own transaction; what goes wrong in it does not keep the others from their turn."""
    try:
        result = work()
        db.session.commit()
    except Exception:
        db.session.rollback()
        log.exception("the tick failed at %s", name)
        return otherwise
    return result


def _first_lease(holder: str, until: datetime) -> bool:
    """Write the only row, in a new database; whether it was not there yet."""
    return insert_new(TickLease, {"id": 1, "holder": holder, "until": until}) is not None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
