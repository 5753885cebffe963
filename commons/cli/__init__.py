"""What runs Quanzi: the keeper of one process, the embedded Valkey, and the start of all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from commons.slots import Slot

if TYPE_CHECKING:
    from flask import Flask

preparing: Slot[Callable[[datetime], object]] = Slot("what a fresh database needs; safe to run again")


def init_app(app: Flask) -> None:
    from commons.cli.invite import invite
    from commons.cli.prepare import prepare

    app.cli.add_command(prepare)
    app.cli.add_command(invite)


def make_ready(at: datetime) -> None:
    """Put in place what a fresh database needs: brand, accounts of our own, default rules. Safe to repeat."""
    for plug in preparing:
        plug(at)
