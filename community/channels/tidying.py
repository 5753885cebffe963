"""What connecting and sending leave behind goes after a while."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import delete

from commons import clock, jobs
from commons.db import changed
from commons.media.store import store
from community.channels.models import Consent
from community.channels.pictures import SENT

SENT_KEPT = timedelta(days=60)


@jobs.job("channels.tidy")
def tidy() -> None:
    """Forget consents that came to nothing, and copies of pictures that were made for one sending long ago."""
    changed(delete(Consent).where(Consent.expires_at < clock.now()))
    until = time.time() - SENT_KEPT.total_seconds()
    folder = store().path(SENT)
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < until:
                path.unlink()


jobs.every("channels.tidy", seconds=86400)
