"""The sweep that sends what is due: the tick claims, workers send."""

from __future__ import annotations

from datetime import datetime

from campaigns.publishing import delivering
from commons import jobs
from commons.db import db
from commons.jobs.redacting import error_words


def register() -> None:
    jobs.sweep("publishing.deliver", queue="publishing", claim=delivering.claim, run=deliver)


def deliver(delivery_id: int, at: datetime) -> None:
    """Send one delivery. What breaks it off is noted with it in a transaction of its own, then left to the retries."""
    try:
        delivering.deliver(delivery_id, at)
    except Exception as error:
        db.session.rollback()
        delivering.interrupt(delivery_id, error_words(error), at)
        db.session.commit()
        raise
