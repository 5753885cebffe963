"""Doing one claimed row: the call, its effects and the end of the row are one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

from flask import current_app

from commons import clock
from commons.db import db
from commons.jobs import claiming, outbox, registry, sweeping
from commons.jobs.claiming import Claimed, Queued
from commons.jobs.redacting import error_words
from commons.jobs.registry import Sweep

log = logging.getLogger(__name__)

Limit = Callable[[], AbstractContextManager[object]]


class LeaseLost(Exception):
    """Another worker has taken this row over; nothing that was done here may stay."""


def perform(row: Claimed, *, limit: Limit = nullcontext, go_on: Callable[[], bool] = lambda: True) -> bool:
    """Do `row` and commit; whether it went well. A failed try is written down for the next one.

    `limit()` makes the context that ends one call which takes too long; a batch asks `go_on()` between two items.
    """
    sweep = registry.sweeps.get(row.name)
    if sweep is not None and row.key is None:
        return _perform_batch(row, sweep, limit, go_on)
    return _attempt(row, lambda: _call(row, sweep), limit)


def give_back(rows: Sequence[Claimed]) -> None:
    """Leave claimed rows to other workers, who are woken for them, and commit."""
    claiming.give_back(rows)
    outbox.wake_after_commit([Queued(row.id, row.queue, alone=False) for row in rows])
    db.session.commit()


def lease_time() -> timedelta:
    """How long a claim holds unless it is renewed."""
    return timedelta(seconds=current_app.config["JOBS_LEASE_SECONDS"])


def _call(row: Claimed, sweep: Sweep | None) -> None:
    if sweep is None:
        registry.known(row.name).function(**row.arguments)
    else:
        sweep.run(row.arguments["items"][0], clock.now())


def _attempt(row: Claimed, call: Callable[[], object], limit: Limit) -> bool:
    try:
        with limit():
            call()
        _or_lost(claiming.finish(row, clock.now()))
        db.session.commit()
    except LeaseLost:
        db.session.rollback()
        log.warning("job %s (%s) was taken over by another worker; its effects here are undone", row.id, row.name)
        return False
    except Exception as error:  # noqa: BLE001 (the edge of a job: whatever it raised is written down for a person)
        db.session.rollback()
        _note_failure(row, error)
        return False
    return True


def _note_failure(row: Claimed, error: Exception) -> None:
    words = error_words(error)
    log.error("job %s (%s) failed at try %s of %s: %s", row.id, row.name, row.tries, row.most_tries, words)
    claiming.fail(row, words, clock.now())
    db.session.commit()


def _perform_batch(row: Claimed, sweep: Sweep, limit: Limit, go_on: Callable[[], bool]) -> bool:
    """Item by item; each commits together with the batch's progress, which also renews the lease.

    A worker that has lost the batch can therefore settle nothing any more. A batch whose worker was lost is taken apart,
    so that an item which takes workers down does so alone.
    """
    items = sweeping.items_of(row)
    settled = sweeping.with_letters(sweep, items)
    db.session.commit()
    try:
        settled |= _perform_many(row, sweep, [item for item in items if item not in settled], limit)
    except LeaseLost:
        return _lost(row)
    for done, item in enumerate(items, start=row.progress + 1):
        if not go_on():
            give_back([row])
            return True
        if item not in settled and not _perform_item(row, sweep, item, done, limit):
            return False
    return _attempt(row, lambda: None, nullcontext)


def _perform_many(row: Claimed, sweep: Sweep, items: Sequence[int], limit: Limit) -> set[int]:
    """What the sweep can do of a fresh batch at once; which items. Nothing when that fails: they are done one by one."""
    if sweep.run_many is None or row.tries > 1 or len(items) < 2:
        return set()
    try:
        with limit():
            done = sweep.run_many(items, clock.now())
        _or_lost(claiming.advance(row, row.progress, clock.now() + lease_time()))
        db.session.commit()
    except LeaseLost:
        raise
    except Exception as error:  # noqa: BLE001 (each item is tried on its own now, and says what is wrong with it)
        db.session.rollback()
        log.warning("%s could not be done at once: %s", row.name, error_words(error))
        return set()
    return done


def _perform_item(row: Claimed, sweep: Sweep, item: int, done: int, limit: Limit) -> bool:
    """Settle one item: it went well, or it has a letter. False when the batch is no longer ours."""
    try:
        if row.tries > 1:
            sweeping.write_letter(row, item, clock.now())
        else:
            with limit():
                sweep.run(item, clock.now())
        _settle(row, done)
    except LeaseLost:
        return _lost(row)
    except Exception as error:  # noqa: BLE001 (the edge of a job: whatever it raised is written down for a person)
        db.session.rollback()
        return _write_letter(row, item, done, error)
    return True


def _write_letter(row: Claimed, item: int, done: int, error: Exception) -> bool:
    words = error_words(error)
    log.error("%s failed for %s: %s", row.name, item, words)
    try:
        sweeping.write_letter(row, item, clock.now(), words)
        _settle(row, done)
    except LeaseLost:
        return _lost(row)
    return True


def _settle(row: Claimed, done: int) -> None:
    _or_lost(claiming.advance(row, done, clock.now() + lease_time()))
    db.session.commit()


def _or_lost(is_ours: bool) -> None:
    if not is_ours:
        raise LeaseLost


def _lost(row: Claimed) -> bool:
    db.session.rollback()
    log.warning("batch %s (%s) was taken over by another worker; the last item here is undone", row.id, row.name)
    return False
