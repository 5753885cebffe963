"""`make run` from the first second to the last: it answers, it heals, and Ctrl-C leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.processes import await_true, end, spawn
from tests.servers.smtp import free_port

ROOT = Path(__file__).resolve().parents[3]
PROCFILE = ROOT / "Procfile"

pytestmark = [pytest.mark.kill, pytest.mark.timeout(180)]


class Running:
    """`make run` in a process group of its own, as a terminal would have it, on the folder `var`."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        settings = {"QUANZI_VAR": str(var), "WEB_PORT": str(self.port), "QUANZI_DEMO": "0"}
        self.make = spawn(["make", "run"], log=var.with_suffix(".log"), cwd=ROOT, environ={**environ, **settings})

    def answers(self) -> bool:
        assert self.make.poll() is None, self.log()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def is_whole(self) -> bool:
        """Whether each line of the Procfile runs beside its keeper. Until a keeper's child becomes its program it looks like a keeper."""
        lines, keepers = PROCFILE.read_text().splitlines(), self.processes("commons.cli.keep")
        started = set(self.processes("flask")) - set(keepers)
        return len(keepers) == len(lines) and len(started) >= sum(" -- flask " in line for line in lines)

    def log(self) -> str:
        return self.var.with_suffix(".log").read_text(errors="replace")

    def processes(self, word: str = "") -> list[int]:
        """The living processes of this run, found by their environment; those with `word` in their command line."""
        mark = f"QUANZI_VAR={self.var}\0".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                mine = mark in (folder / "environ").read_bytes() + b"\0"
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if mine and word in command and command:
                found.append(int(folder.name))
        return sorted(found)

    def end(self) -> None:
        """Nothing of it is left, whatever a test did."""
        end(self.make, by=signal.SIGINT)
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def runs() -> Iterator[list[Running]]:
    """All that was started, one after the other, on one `var/`."""
    started: list[Running] = []
    yield started
    for run in started:
        run.end()


@pytest.fixture
def running(runs: list[Running], tmp_path_factory: pytest.TempPathFactory) -> Running:
    """`make run`, which goes on from test to test; started again, as people do, once one of them has ended it."""
    if not runs:
        runs.append(Running(tmp_path_factory.mktemp("runs") / "var"))
    elif runs[-1].make.poll() is not None:
        runs[-1].end()
        runs.append(Running(runs[-1].var))
    await_true(runs[-1].answers, "the first answer", within=60, every=0.1)
    await_true(runs[-1].is_whole, "what starts behind the web process", within=60, every=0.1)
    return runs[-1]


def test_a_second_start_on_the_same_port_says_so(running: Running) -> None:
    environ = {**os.environ, "WEB_PORT": str(running.port), "QUANZI_VAR": str(running.var)}
    second = subprocess.run(["make", "run"], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert f"quanzi: port {running.port} of 127.0.0.1 is taken" in second.stderr
    assert running.answers()


def test_a_killed_process_comes_back_and_the_others_stay(running: Running) -> None:
    keepers = running.processes("commons.cli.keep")
    (tick,) = set(running.processes("flask tick")) - set(keepers)
    os.kill(tick, signal.SIGKILL)
    await_true(lambda: set(running.processes("flask tick")) - {tick, *keepers}, "another tick")
    await_true(running.is_whole, "the tick as a program of its own")
    assert running.processes("commons.cli.keep") == keepers
    assert running.answers()


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_no_process_behind(running: Running, told: signal.Signals) -> None:
    assert len(running.processes("commons.cli.keep")) == len(PROCFILE.read_text().splitlines())
    os.killpg(running.make.pid, told)
    running.make.wait(15)
    await_true(lambda: not running.processes(), "the end of all processes", within=5)
    assert running.make.returncode != 0


def test_the_end_of_the_manager_is_the_end_of_all(running: Running) -> None:
    (manager,) = [pid for pid in running.processes("honcho") if running.make.pid == parent(pid)]
    os.kill(manager, signal.SIGKILL)
    await_true(lambda: not running.processes(), "the end of all processes", within=15)
    assert running.make.wait(5) != 0


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
