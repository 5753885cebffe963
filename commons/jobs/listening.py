"""A worker: an RQ worker that listens to one queue and outlives Redis. RQ only carries lists of row ids."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import time
from contextlib import suppress
from typing import Any

from flask import Flask
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rq import Worker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import configure_mappers

from commons import clock
from commons.db import db, random_id
from commons.jobs import waking
from commons.jobs.working import Stop, rehearse

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 5.0
AWAY = (RedisConnectionError, RedisTimeoutError)


def work(app: Flask, queue: str) -> None:
    """Listen to `queue` until SIGTERM or SIGINT. Whatever happens to Redis, go on when it is back."""
    _prepare_to_fork(queue)
    _stop_gently()
    pause = FIRST_PAUSE
    while not Stop.told:
        began = time.monotonic()
        with suppress(StopRequested):
            _listen(app, queue)
        if time.monotonic() - began > LONGEST_PAUSE:
            pause = FIRST_PAUSE
        _wait(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


class Listener(Worker):
    """RQ's worker, less what needs Redis to be there all the time, and without remote control."""

    max_connection_wait_time = LONGEST_PAUSE

    def __init__(self, app: Flask, queue: str, name: str) -> None:
        redis = Redis.from_url(waking.redis_url(app.extensions["settings"]), socket_connect_timeout=2)
        self.app = app
        self.listens_to = queue
        super().__init__(
            [queue], name=name, connection=redis, serializer=JSONSerializer, worker_ttl=30, job_monitoring_interval=10
        )

    def main_work_horse(self, job: Any, queue: Any) -> None:
        """In the child. Connections of the parent are left to the parent; nothing but our own function is called."""
        if job.func_name != waking.WORK:
            os._exit(1)
        with self.app.app_context():
            db.engine.dispose(close=False)
            db.engine.pool._pre_ping = False  # connections are as young as this process: a row need not ask first
            self.app.extensions["quanzi_bell"] = waking.Bell(waking.bell().url)
            super().main_work_horse(job, queue)

    def setup_work_horse_signals(self) -> None:
        """SIGTERM asks the child to end after the row it is at; the keyboard speaks to the parent."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, _stop)

    def request_stop(self, signum: Any, frame: Any) -> None:
        Stop.told = True
        with suppress(*AWAY):
            super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def handle_warm_shutdown_request(self) -> None:
        if self.horse_pid:
            with suppress(ProcessLookupError):
                os.kill(self.horse_pid, signal.SIGTERM)

    def execute_job(self, job: Any, queue: Any) -> None:
        """The child's work is in the database: without Redis it is awaited all the same."""
        try:
            super().execute_job(job, queue)
        except AWAY as error:
            log.warning("Redis went away during work (%s)", type(error).__name__)
            self._await_horse()

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        with suppress(*AWAY):
            super().heartbeat(timeout, pipeline)
            waking.announce(self.connection, self.listens_to, self.name, clock.now())

    def set_state(self, state: str, pipeline: Any = None) -> None:
        self._state = state
        with suppress(*AWAY):
            super().set_state(state, pipeline)

    def register_death(self) -> None:
        with suppress(*AWAY):
            super().register_death()  # type: ignore[no-untyped-call]
            waking.leave(self.connection, self.listens_to, self.name)

    def subscribe(self) -> None:
        """No remote control: it would cost a thread and let whoever reaches Redis stop workers."""

    def unsubscribe(self) -> None:
        """Nothing was subscribed to."""

    def check_for_suspension(self, burst: bool) -> None:
        """Workers are not suspended through Redis. But one may have been told to stop before it could hear it."""
        if Stop.told:
            raise StopRequested

    def _await_horse(self) -> None:
        while self.horse_pid:
            try:
                os.waitpid(self.horse_pid, 0)
            except ChildProcessError:
                self._horse_pid = 0


def _listen(app: Flask, queue: str) -> None:
    """One connection's life, under a name of its own: RQ takes a name that is still known for another worker's."""
    name = f"{socket.gethostname()[:40]}-{os.getpid()}-{random_id(6)}"
    try:
        Listener(app, queue, name).work(logging_level="WARNING")
    except (RedisError, OSError) as error:
        log.warning("Redis is away (%s); the worker for %s waits for it", type(error).__name__, queue)
    finally:
        _stop_gently()


def _stop(_number: int, _frame: object) -> None:
    Stop.told = True


def _stop_gently() -> None:
    """Between two connections a signal to stop is only noted."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)


def _wait(seconds: float) -> None:
    end = time.monotonic() + seconds
    while not Stop.told and time.monotonic() < end:
        time.sleep(0.1)


def _prepare_to_fork(queue: str) -> None:
    """Each child starts with everything loaded, and shares the memory of it."""
    configure_mappers()
    try:
        rehearse(queue)
    except DBAPIError as error:
        log.warning(
            "the database is away (%s); the worker for %s waits for work all the same", type(error).__name__, queue
        )
    db.session.remove()
    db.engine.dispose()
    gc.collect()
    gc.freeze()
