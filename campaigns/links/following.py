"""Following a link: the redirect's own work, and the thread of this process that writes visits down behind it."""

from __future__ import annotations

import logging
import threading
from datetime import datetime
from typing import Any

from flask import Flask, Request, current_app, session
from flask_limiter.util import get_remote_address
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from campaigns.links.counting import write_visits
from campaigns.links.models import Link, Verdict
from campaigns.links.spool import Spool
from campaigns.links.verdicts import verdict, visitor_mark
from commons.crypto import derived_key
from commons.db import db, random_id

log = logging.getLogger(__name__)

DRAIN_EVERY = 0.5


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
                self._stop.wait(5)


def _write_and_commit(rows: Any) -> None:
    try:
        write_visits(rows)
        db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()
        raise


def find(slug: str) -> Link | None:
    """The link that is in force under `slug`."""
    return db.session.scalars(select(Link).where(Link.slug == slug, Link.ended_at.is_(None))).one_or_none()


def record(link: Link, request: Request, at: datetime) -> Verdict:
    """Spool this visit and remember by which link the visitor came. Never fails because of the record."""
    browser = request.user_agent.string[:200]
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    found = verdict(browser, request.method, purpose, is_staff=bool(session.get("staff")))
    row = {
        "uid": random_id(24),
        "link_id": link.id,
        "occurred_at": at.isoformat(),
        "verdict": found.value,
        "visitor": visitor_mark(get_remote_address(), browser, at, derived_key("visitors")),
        "referrer": (request.referrer or "")[:255],
        "browser": browser,
        "user_id": session.get("user_id"),
    }
    try:
        recorder().spool.add(row)
    except OSError:
        log.exception("a visit of link %s could not be spooled", link.slug)
    if found is Verdict.HUMAN:
        session["came_by"] = link.slug
    return found


def came_by() -> Link | None:
    """The link by which the current visitor came in this session."""
    slug = session.get("came_by")
    return find(slug) if slug else None


def recorder() -> Recorder:
    found: Recorder = current_app.extensions["visits"]
    return found
