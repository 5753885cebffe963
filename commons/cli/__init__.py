"""What runs Quanzi: the keeper of one process, the embedded Valkey, and the start of all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from commons.slots import Slot

preparing: Slot[Callable[[datetime], None]] = Slot("what a fresh database needs; safe to run again")


def init_app(app: Flask) -> None:
    from commons.cli.prepare import prepare

    app.cli.add_command(prepare)
