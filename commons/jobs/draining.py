"""Doing all due work in this process, without tick, workers and Redis: for tests, commands and the demo."""

from __future__ import annotations

from datetime import datetime

from commons import clock
from commons.db import db
from commons.jobs import claiming, outbox, registry, sweeping, timetable
from commons.jobs.performing import lease_time, perform

AT_ONCE = 100


def drain(at: datetime) -> int:
    """Do everything that is due at `at`, and what follows from it, until nothing is due. How many rows went well.

    Commits what is pending, then row by row. The clock stands at `at` meanwhile. What fails waits for its next try, as it
    would in a worker, and is not tried again at the same moment.
    """
    done = 0
    outbox.be_silent(True)
    try:
        with clock.held(at):
            db.session.commit()
            while rows := _claim_due(at):
                done += sum(perform(row) for row in rows)
    finally:
        outbox.be_silent(False)
    return done


def _claim_due(at: datetime) -> list[claiming.Claimed]:
    """Rows in the outbox; when it has none, what the timetable and the sweeps put into it."""
    claiming.free_lost(at)
    rows = _claim(at)
    if not rows:
        timetable.send_due(at)
        for sweep in registry.sweeps.values():
            sweeping.sweep_due(sweep, at)
        rows = _claim(at)
    db.session.commit()
    return rows


def _claim(at: datetime) -> list[claiming.Claimed]:
    return claiming.claim(at, at + lease_time(), limit=AT_ONCE)
