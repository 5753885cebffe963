"""The start: everything that can be in the way is one clear line, and nothing is left running."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from commons.cli.run import PROCESSES
from commons.config import Settings

ROOT = Path(__file__).resolve().parents[3]


def run(tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    settings = {"QUANZI_VAR": str(tmp_path / "var"), "WEB_PORT": "0", **environ}
    command = [sys.executable, "-m", "commons.cli.run"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, timeout=30)


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run(tmp_path, WEB_PORT=str(port))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"port {port} of 127.0.0.1 is taken" in done.stderr


def test_a_var_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run(tmp_path, QUANZI_VAR=str(tmp_path / "file" / "var"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "mysql://here"), ("BASE_URL", "nowhere"), ("SECRET_KEY", "short"), ("WEB_PORT", "http")],
)
def test_a_setting_that_cannot_be_used_is_one_clear_line(tmp_path: Path, name: str, value: str) -> None:
    done = run(tmp_path, **{name: value})
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert name in done.stderr


def test_a_web_process_keeps_what_it_loaded_from_the_collector(tmp_path: Path) -> None:
    program = "import gc, wsgi; loaded = gc.get_freeze_count(); app = wsgi.serve(); print(loaded, gc.get_freeze_count(), gc.isenabled())"
    settings = {**os.environ, "QUANZI_VAR": str(tmp_path / "var"), "SECRET_KEY": "x" * 40}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    loaded, served, is_enabled = done.stdout.split()
    assert 0 < int(loaded) < int(served)
    assert is_enabled == "True"


def test_production_does_not_start_without_a_key(tmp_path: Path) -> None:
    done = run(tmp_path, QUANZI_PRODUCTION="1", SECRET_KEY="")
    assert done.returncode == 1
    assert "SECRET_KEY is not set" in done.stderr


def test_the_procfile_has_the_processes_that_the_start_names() -> None:
    lines = [line for line in (ROOT / "Procfile").read_text().splitlines() if line]
    assert [line.partition(":")[0] for line in lines] == [*PROCESSES, "valkey"]
    assert all("exec python -m commons.cli.keep " in line and " -- " in line for line in lines)


def test_the_example_lists_every_setting_and_no_other(tmp_path: Path) -> None:
    asked: list[str] = []

    class Asked(dict[str, str]):
        def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
            asked.append(key)
            return super().get(key, default)

    Settings.from_environ(Asked(QUANZI_VAR=str(tmp_path)))
    listed = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert listed - {"WEB_HOST", "WEB_PORT", "WEB_WORKERS", "WEB_THREADS"} == set(asked)
