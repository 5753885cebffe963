"""A Valkey of the suite's own, started as `make run` starts the embedded one."""

from __future__ import annotations

import contextlib
import shutil
import signal
import tempfile
from pathlib import Path

import redis

from commons.cli import valkey
from tests.servers.processes import await_true, end, spawn


class Valkey:
    """One server on a Unix socket; `kill` and `start` again keep what its append-only file kept."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="quanzi-vk-"))
        self.url = valkey.url(self.folder)
        self._own = self.client()

    def start(self) -> Valkey:
        self.process = spawn(valkey.command(self.folder), log=self.folder / "log", cwd=self.folder)
        await_true(self._answers, f"Valkey on {self.url}")
        return self

    def empty(self) -> None:
        """Forget everything, by a connection that stays open: this happens before every test."""
        self._own.flushall()

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)

    def kill(self) -> None:
        end(self.process, by=signal.SIGKILL)

    def stop(self) -> None:
        self._own.close()
        end(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError((self.folder / "valkey" / "valkey.log").read_text()[-500:])
        with contextlib.suppress(redis.ConnectionError), self.client() as client:
            return bool(client.ping())
        return False
