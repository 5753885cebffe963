"""What a worker's child does with a list of row ids: claim them, hold them, do them one by one."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import cast

from flask import Flask, current_app
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty

from commons import clock
from commons.db import db
from commons.jobs import claiming, performing, registry, sweeping, waking
from commons.jobs.claiming import Claimed, Queued

log = logging.getLogger(__name__)

CHUNK = 50
LONGEST_SHIFT = 60.0
CALL_LIMIT = 600


class Stop:
    """Whether this process was told to stop. Set by signal handlers, so it must not be anything with a lock."""

    told = False


def work_through(queue: str, ids: list[int]) -> None:
    """What RQ calls, in a process of its own: do those of the rows `ids` that are still to be done.

    Then go on with what else waits in `queue`: a process is dearer than a row. Whoever was woken for those finds them done.
    """
    began = time.monotonic()
    rest = list(ids)

    def go_on() -> bool:
        return not Stop.told and time.monotonic() - began < LONGEST_SHIFT

    while rest and go_on():
        chunk, rest = rest[:CHUNK], rest[CHUNK:]
        with _held(partial(claiming.claim, ids=chunk), len(chunk)) as rows:
            _perform_all(rows, go_on)
    while go_on() and _go_on_with(queue, len(ids), go_on):
        pass
    waking.wake([Queued(row_id, queue, alone=False) for row_id in rest])  # still queued: others may take them


def rehearse(queue: str) -> None:
    """Go through the motions with nothing to do, in the process that later forks: every child inherits the statements, built.

    A child that builds them itself is a fifth of a second late with its first batch.
    """
    now, nothing = clock.now(), Claimed(0, "", queue, {}, None, 0, 0, 0, "")
    claiming.claim(now, now, limit=0, ids=[])
    claiming.claim_next(queue, now, now, limit=0)
    for sweep in registry.sweeps.values():
        if sweep.queue == queue:
            sweeping.with_letters(sweep, [])
            if sweep.run_many is not None:
                sweep.run_many([], now)
    claiming.advance(nothing, 0, now)
    claiming.finish(nothing, now)
    db.session.rollback()


def _go_on_with(queue: str, count: int, go_on: Callable[[], bool]) -> bool:
    """Do up to `count` further rows of the queue; whether there were any."""
    with _held(partial(claiming.claim_next, queue), min(max(count, 1), CHUNK)) as rows:
        _perform_all(rows, go_on)
    return bool(rows)


@contextmanager
def _held(claim: Callable[..., list[Claimed]], limit: int) -> Iterator[list[Claimed]]:
    """Claim up to `limit` rows and keep the lease alive while they are worked on."""
    now = clock.now()
    rows = claim(now, now + performing.lease_time(), limit=limit)
    db.session.commit()
    over = threading.Event()
    thread = threading.Thread(target=_keep_lease, args=(_app(), rows, over), daemon=True)
    if rows:
        thread.start()
    try:
        yield rows
    finally:
        over.set()
        if rows:
            thread.join()


def _keep_lease(app: Flask, rows: Sequence[Claimed], over: threading.Event) -> None:
    seconds = app.config["JOBS_LEASE_SECONDS"] / 3
    while not over.wait(seconds):
        with app.app_context():
            try:
                claiming.renew(rows[0].lease, clock.now() + performing.lease_time())
                db.session.commit()
            except Exception as error:  # noqa: BLE001 (the next round tries again; a lease that ends is safe)
                db.session.rollback()
                log.warning("a lease was not renewed: %s", type(error).__name__)


def _perform_all(rows: Sequence[Claimed], go_on: Callable[[], bool]) -> None:
    """Each row in an application context and a session of its own: nothing of one is seen by the next."""
    for number, row in enumerate(rows):
        if not go_on():
            performing.give_back(rows[number:])
            return
        with _app().app_context():
            performing.perform(row, limit=_limit, go_on=go_on)


def _limit() -> AbstractContextManager[object]:
    penalty = UnixSignalDeathPenalty(CALL_LIMIT, JobTimeoutException)  # type: ignore[no-untyped-call]
    return cast("AbstractContextManager[object]", penalty)


def _app() -> Flask:
    return cast("Flask", current_app._get_current_object())  # type: ignore[attr-defined]
