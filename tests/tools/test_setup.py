"""The set-up: quick when nothing is to do, and one clear line when something is in the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import setup

ROOT = Path(__file__).resolve().parents[2]


def a_checkout(folder: Path) -> Path:
    for part in ("tools", "requirements"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_nothing_to_do_takes_no_time() -> None:
    subprocess.run([sys.executable, "tools/setup.py"], cwd=ROOT, check=True, capture_output=True)
    started = time.monotonic()
    again = subprocess.run([sys.executable, "tools/setup.py"], cwd=ROOT, capture_output=True, text=True)
    assert (again.returncode, again.stderr) == (0, "")
    assert time.monotonic() - started < 1


@pytest.mark.slow
def test_a_missing_network_is_one_clear_line(tmp_path: Path) -> None:
    nowhere = {"PIP_INDEX_URL": "https://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull, "HOME": str(tmp_path)}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    checkout = a_checkout(tmp_path / "quanzi")
    command = [sys.executable, "tools/setup.py"]
    done = subprocess.run(command, cwd=checkout, env={**environ, **nowhere}, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "setup: the installer uv could not be fetched: no connection to the package registry"
    )


def test_a_python_without_ensurepip_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(setup.SetupError, match=r"run `sudo apt-get install -y python3\.\d+-venv` and try again"):
        setup.complete_python()


def test_a_python_that_is_too_old_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version_info", (3, 9, 2))
    with pytest.raises(setup.SetupError, match=r"Python 3\.11 or newer is needed"):
        setup.require_python()


def test_a_step_is_done_again_when_its_input_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    (tmp_path / "input").write_text("one")
    made: list[str] = []
    step = setup.Step("a step", lambda: made.append("made"), (), (tmp_path / "input",))
    step.do()
    assert step.is_done()
    (tmp_path / "input").write_text("two")
    assert not step.is_done()
    assert made == ["made"]


def test_a_step_is_done_again_when_what_it_made_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "VENV", tmp_path / ".venv")
    step = setup.Step("a step", (tmp_path / "output").touch, (tmp_path / "output",))
    step.do()
    assert step.is_done()
    (tmp_path / "output").unlink()
    assert not step.is_done()
