"""HTTP that goes out: one door, with limits on time and size and a guard before private addresses."""

from __future__ import annotations

import logging

from flask import Flask

from commons.outbound.door import Answer, fetch
from commons.outbound.failures import BadAnswer, Failure, Forbidden, TimedOut, TooLarge, Unreachable
from commons.outbound.guard import Policy

__all__ = [
    "Answer", "BadAnswer", "Failure", "Forbidden", "Policy", "TimedOut", "TooLarge", "Unreachable", "fetch", "init_app",
]  # fmt: skip


def init_app(app: Flask) -> None:
    app.extensions.setdefault("outbound", Policy())
    # These two write whole addresses into the log, queries and all.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
