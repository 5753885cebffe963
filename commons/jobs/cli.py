"""The two processes of background work: `flask tick` and `flask worker QUEUE`."""

from __future__ import annotations

import signal
from typing import cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from commons.jobs.registry import QUEUES

STOPS = (signal.SIGTERM, signal.SIGINT)


@click.command("tick")
@with_appcontext
def tick() -> None:
    """Look once a second for what is due. Several may run; one works, the others stand by."""
    from commons.jobs.ticking import Tick

    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    Tick().run(lambda seconds: signal.sigtimedwait(STOPS, seconds) is not None)


@click.command("worker")
@click.argument("queue", type=click.Choice(QUEUES))
@with_appcontext
def worker(queue: str) -> None:
    """Work on one queue until told to stop."""
    from commons.jobs.listening import work

    work(cast("Flask", current_app._get_current_object()), queue)  # type: ignore[attr-defined]


def init_app(app: Flask) -> None:
    app.cli.add_command(tick)
    app.cli.add_command(worker)
