"""Background work on real databases and a real Valkey, with real commits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from commons.db import db
from commons.jobs import registry
from tests.commons.jobs import crew
from tests.servers.processes import end, spawn
from tests.servers.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent.parent.parent


class Crew:
    """Starts the real processes on one database and one Valkey, and ends what a test has left."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self.environ = environ
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """`start("tick")`, `start("worker", "default")`."""
        command = [sys.executable, "-m", "flask", "--app", "tests.commons.jobs.crew:make", *words]
        process = spawn(command, log=self.folder / f"{words[0]}.log", cwd=ROOT, environ=os.environ | self.environ)
        self.started.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        end(process, by=signal.SIGKILL)

    def stop_all(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.started:
            end(process)

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text() if path.exists() else ""


@pytest.fixture
def jobs_environ(request: pytest.FixtureRequest, engine: str, tmp_path: Path, valkey: Valkey) -> dict[str, str]:
    """The settings of the crew's application: a database and a folder of its own, short leases."""
    name = f"crew_{os.urandom(4).hex()}"
    server = request.getfixturevalue("postgres") if engine == "postgresql" else None
    return {
        "DATABASE_URL": server.create(name) if server else f"sqlite:///{tmp_path / 'crew.sqlite3'}",
        "REDIS_URL": valkey.url,
        "SECRET_KEY": "a key that only the tests know, long enough",
        "QUANZI_VAR": str(tmp_path),
        "CREW_LEASE_SECONDS": "2",
        "CREW_FOLDER": str(tmp_path),
    }


@pytest.fixture
def jobs_app(jobs_environ: dict[str, str]) -> Iterator[Flask]:
    """The crew's application, its context open, its tables empty."""
    app = crew.make(jobs_environ)
    with app.app_context():
        crew.create_tables()
        yield app
        db.session.remove()
        db.engine.dispose()


def taken_out(known: dict[str, Any]) -> dict[str, Any]:
    """What the crew has registered when it was imported: for all other tests it is not there."""
    return {name: known.pop(name) for name in list(known) if name.startswith("crew.")}


CREWS_OWN = [(known, taken_out(known)) for known in (registry.jobs, registry.sweeps)]


@pytest.fixture(autouse=True)
def only_the_crew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other rooms' jobs, sweeps and turns stay out of these tests, and the crew's out of theirs."""
    for known in ("jobs", "sweeps", "periods"):
        monkeypatch.setattr(registry, known, {})
    crew.enlist()


@pytest.fixture
def the_crew(jobs_app: Flask, jobs_environ: dict[str, str], tmp_path: Path) -> Iterator[Crew]:
    started = Crew(jobs_environ, tmp_path)
    yield started
    started.stop_all()
