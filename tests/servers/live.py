"""The whole of Quanzi as real processes, each of which may be killed."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from tests.servers.processes import await_true, end, end_group, spawn
from tests.servers.smtp import free_port
from tests.servers.valkey import Valkey

ROOT = Path(__file__).resolve().parents[2]
KEEPER = "exec python -m commons.cli.keep "


class Live:
    """Processes as the Procfile starts them, less the keeper (a killed one stays dead), on one database and a Valkey of their own."""

    def __init__(self, environ: Mapping[str, str], database_url: str, folder: Path) -> None:
        self.valkey = Valkey().start()
        self.folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.settings = {
            **environ,
            "DATABASE_URL": database_url,
            "REDIS_URL": self.valkey.url,
            "BASE_URL": self.url,
            "QUANZI_VAR": str(folder),
            "QUANZI_TESTING": "",
        }

    def start(self, *names: str) -> Live:
        """Start processes by their names in the Procfile; `tick` again as `tick:2`. The web process is awaited."""
        for name in names:
            self._start(name)
        if "web" in names:
            await_true(self._answers, f"{self.url} answers", within=90, every=0.1)
        return self

    def kill(self, name: str, by: signal.Signals = signal.SIGKILL) -> None:
        """End one process as a crash would; what is left of its group goes too, as the keeper would see to."""
        process = self.processes.pop(name)
        end(process, by=by)
        end_group(process.pid)

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            end(process)
        self.processes.clear()
        self.valkey.stop()

    def log(self, name: str) -> str:
        """What the process has printed so far."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _start(self, name: str) -> None:
        environ = {
            **os.environ,
            "WEB_WORKERS": "1",
            "WEB_THREADS": "8",
            **self.settings,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "WEB_PORT": self.url.rpartition(":")[2],
        }
        command = ["sh", "-c", f"exec {procfile()[name.partition(':')[0]]}"]
        self.processes[name] = spawn(command, log=self.folder / f"{name}.log", cwd=ROOT, environ=environ)

    def _answers(self) -> bool:
        if self.processes["web"].poll() is not None:
            raise AssertionError(f"the web process ended: {self.log('web')[-2000:]}")
        try:
            urllib.request.urlopen(f"{self.url}/", timeout=5).close()
        except urllib.error.HTTPError as answer:
            return answer.code < 500
        except OSError:
            return False
        return True


def procfile() -> dict[str, str]:
    """The Procfile's lines by name, each without the keeper in front."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    named = dict(line.split(": ", 1) for line in lines if ": " in line)
    assert all(line.startswith(KEEPER) and shlex.split(line) for line in named.values())
    return {name: line.partition(" -- ")[2] for name, line in named.items()}
