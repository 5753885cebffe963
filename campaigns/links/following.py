"""Following a link: the redirect's own work, and the thread of this process that writes visits down behind it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Flask, Request, current_app, session
from flask_limiter.util import get_remote_address
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from campaigns.links.counting import write_visits
from campaigns.links.making import SLUG, normal_slug
from campaigns.links.models import Link, Verdict
from campaigns.links.spool import Spool
from campaigns.links.verdicts import verdict, visitor_mark
from commons.crypto import derived_key
from commons.db import db, random_id
from commons.forms import storable

log = logging.getLogger(__name__)

DRAIN_EVERY = 0.5
AFTER_TROUBLE = 5.0
UNUSABLE = (DataError, IntegrityError, KeyError, ValueError)
PURPOSES = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


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


def find(slug: str) -> Link | None:
    """The link that is in force under `slug`."""
    slug = normal_slug(slug)
    if not SLUG.fullmatch(slug):
        return None
    return db.session.scalars(select(Link).where(Link.slug == slug, Link.ended_at.is_(None))).one_or_none()


def record(link: Link, request: Request, at: datetime) -> Verdict:
    """Spool this visit and remember by which link the visitor came. Never fails because of the record."""
    browser = storable(request.user_agent.string)[:200]
    purpose = " ".join(request.headers.get(name, "") for name in PURPOSES)
    found = verdict(browser, request.method, purpose, is_staff=bool(session.get("staff")))
    user_id = session.get("user_id")
    row = {
        "uid": random_id(24),
        "link_id": link.id,
        "occurred_at": at.isoformat(),
        "verdict": found.value,
        "visitor": visitor_mark(get_remote_address(), browser, at, derived_key("visitors"), user_id),
        "referrer": storable(request.referrer or "")[:255],
        "browser": browser,
        "user_id": user_id,
    }
    try:
        recorder().spool.add(row)
    except OSError:
        log.exception("a visit of link %s could not be spooled", link.slug)
    if found is Verdict.HUMAN:
        session["came_by"] = link.slug
    return found


def came_by() -> Link | None:
    """The link by which the current visitor came in this session, also one that has ended since."""
    slug = session.get("came_by")
    return db.session.scalars(select(Link).where(Link.slug == slug)).one_or_none() if slug else None


def recorder() -> Recorder:
    found: Recorder = current_app.extensions["visits"]
    return found
