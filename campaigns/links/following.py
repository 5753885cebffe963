"""The thread of this process that writes visits down behind the redirects, and by which link the current visitor came."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Any

from flask import Flask, current_app, request
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from campaigns.links.counting import write_visits
from campaigns.links.door import CAME_BY
from campaigns.links.models import Link
from campaigns.links.spool import Spool
from commons.db import PUBLIC_ID_LENGTH, db

log = logging.getLogger(__name__)

DRAIN_EVERY = 0.5
AFTER_TROUBLE = 5.0
UNUSABLE = (DataError, IntegrityError, KeyError, ValueError)


class Recorder:
    """The spool of this process and the thread that empties it, from the first request on."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.spool = Spool(app.extensions["settings"].var / "spool" / "visits")
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def begin(self) -> None:
        """Start the thread, once in each process; it also takes over what a dead process left on this machine."""
        if self._thread is None and self._start.acquire(blocking=False):
            self._thread = threading.Thread(target=self._run, name="visits", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread; what it has not written yet waits for the next."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self.spool.close()

    def drain(self) -> int:
        """Write everything that waits on this machine to the database, now."""
        with self.app.app_context():
            return self.spool.drain(_write_and_commit)

    def _run(self) -> None:
        while not self._stop.wait(DRAIN_EVERY):
            try:
                self.drain()
            except (SQLAlchemyError, OSError):
                log.warning("visits stay in the spool for now", exc_info=True)
                self._stop.wait(AFTER_TROUBLE)


def _write_and_commit(rows: Sequence[dict[str, Any]]) -> None:
    """Write a segment in one transaction; one that the database refuses row by row, so that one bad row costs only itself."""
    try:
        write_visits(rows)
        db.session.commit()
    except UNUSABLE:
        db.session.rollback()
        if len(rows) == 1:
            log.exception("a visit that no database takes is left out: %s", rows[0].get("uid"))
            return
        for row in rows:
            _write_and_commit([row])
    except SQLAlchemyError:
        db.session.rollback()
        raise


def came_by() -> Link | None:
    """The link by which the current visitor came, as the browser remembers until it is closed; also one that has ended since."""
    public_id = request.cookies.get(CAME_BY, "")
    known = len(public_id) == PUBLIC_ID_LENGTH and public_id.isalnum()
    return db.session.scalars(select(Link).where(Link.public_id == public_id)).one_or_none() if known else None


def recorder() -> Recorder:
    found: Recorder = current_app.extensions["visits"]
    return found
