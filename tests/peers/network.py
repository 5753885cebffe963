"""The Bluesky network as processes of the suite's own: PostgreSQL, Valkey, and the network's software under Node.js."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from commons.cli import valkey
from tests.peers.installing import PEERS, node
from tests.servers.postgres import Postgres
from tests.servers.processes import end, spawn
from tests.servers.smtp import free_port

HERE = Path(__file__).resolve().parent


class Network:
    """`account` says how to sign in, `server` and `app_view` where: addresses of this machine."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="quanzi-peers-"))
        self.postgres = Postgres().start()
        self.postgres.create("peers")
        self.valkey_port = free_port()

    def start(self) -> Network:
        command = [*valkey.command(self.folder), "--port", str(self.valkey_port), "--bind", "127.0.0.1"]
        self.valkey = spawn(command, log=self.folder / "valkey.log", cwd=self.folder)
        program = PEERS / "network.mjs"  # beside node_modules, where its imports are looked for
        program.write_text((HERE / "network.mjs").read_text())
        addresses = {"DB_POSTGRES_URL": self.postgres.dsn("peers"), "REDIS_HOST": f"127.0.0.1:{self.valkey_port}"}
        with (self.folder / "network.log").open("wb") as log:
            self.process = subprocess.Popen(
                [node(), program],
                cwd=PEERS,
                env={**os.environ, **addresses},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.account = self._said()
        except BaseException:
            self.stop()
            raise
        self.server_port = int(self.account["server"])
        self.server = f"http://127.0.0.1:{self.server_port}"
        self.app_view = f"http://127.0.0.1:{self.account['appView']}"
        return self

    def stop(self) -> None:
        """The network ends when nobody holds its input any more."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)
        self.process.stdout.close()
        end(self.valkey)
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _said(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(b"{"):
                found: dict[str, Any] = json.loads(line)
                return found
        raise AssertionError(f"the network did not start:\n{(self.folder / 'network.log').read_text()[-3000:]}")
