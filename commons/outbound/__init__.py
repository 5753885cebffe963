"""HTTP that goes out: one door, with limits on time and size and a guard before private addresses."""

from __future__ import annotations

import logging

from flask import Flask

from commons.config import Settings
from commons.outbound.door import Answer, check, fetch
from commons.outbound.failures import BadAnswer, BrokeOff, Failure, Forbidden, TimedOut, TooLarge, Unreachable
from commons.outbound.guard import Policy

__all__ = [
    "Answer", "BadAnswer", "BrokeOff", "Failure", "Forbidden", "Policy", "TimedOut", "TooLarge", "Unreachable", "check", "fetch",
    "init_app",
]  # fmt: skip


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    app.extensions.setdefault("outbound", Policy(allowed=settings.outbound_allow))
    # These two write whole addresses into the log, queries and all.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
