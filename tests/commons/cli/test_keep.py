"""The keeper of one process: what ends is started again, what is told to stop stops with all it started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from commons.cli import keep as keeping
from tests.servers.processes import await_true, end, spawn
from tests.servers.smtp import free_port

ROOT = Path(__file__).resolve().parents[3]
DIARY = "import os, time; open('diary', 'a').write(f'{os.getpid()}\\n');"


class Keep(Protocol):
    """Start a keeper of a Python program, with options of the keeper's own."""

    def __call__(self, program: str, *options: str) -> subprocess.Popen[bytes]: ...


@pytest.fixture
def keep(tmp_path: Path) -> Iterator[Keep]:
    """Programs run in the folder `tmp_path`, and write what they say into its file `log`."""
    started: list[subprocess.Popen[bytes]] = []

    def start(program: str, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "commons.cli.keep", *options, "--", sys.executable, "-c", program]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        started.append(spawn(command, log=tmp_path / "log", cwd=tmp_path, environ=environ))
        return started[-1]

    yield start
    for keeper in started:
        end(keeper)


def diary(folder: Path) -> list[int]:
    """The process ids that the kept program has written down, one for each start."""
    path = folder / "diary"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


def test_a_program_that_is_killed_starts_again(keep: Keep, tmp_path: Path) -> None:
    keep(f"{DIARY} time.sleep(60)")
    await_true(lambda: len(diary(tmp_path)) == 1, "the first start")
    os.kill(diary(tmp_path)[0], signal.SIGKILL)
    await_true(lambda: len(diary(tmp_path)) == 2, "the second start")
    assert is_alive(diary(tmp_path)[1])


def test_what_a_killed_program_leaves_in_its_group_is_ended_before_the_next_start(keep: Keep, tmp_path: Path) -> None:
    child = "os.fork() or (open('diary', 'a').write(f'{os.getpid()}\\n'), time.sleep(60));"
    keep(f"{DIARY} {child} time.sleep(60)")
    await_true(lambda: len(diary(tmp_path)) == 2, "parent and child")
    parent, orphan = diary(tmp_path)
    os.kill(parent, signal.SIGKILL)
    await_true(lambda: len(diary(tmp_path)) == 4, "the second start")
    assert not is_alive(orphan)


def test_the_pause_grows_while_the_program_keeps_ending(keep: Keep, tmp_path: Path) -> None:
    keep(f"{DIARY} raise SystemExit(3)")
    await_true(lambda: len(diary(tmp_path)) == 3, "three starts")
    said = (tmp_path / "log").read_text()
    assert "status 3; starts again in 0.5 s" in said
    assert "status 3; starts again in 1 s" in said


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_stop_is_passed_on_and_awaited(keep: Keep, tmp_path: Path, told: signal.Signals) -> None:
    goodbye = "import signal, sys; signal.signal(15, lambda *_: (open('goodbye', 'w').close(), sys.exit(0)));"
    keeper = keep(f"{goodbye} {DIARY} time.sleep(60)")
    await_true(lambda: len(diary(tmp_path)) == 1, "the start")
    keeper.send_signal(told)
    assert keeper.wait(5) == 0
    assert (tmp_path / "goodbye").exists()
    assert not is_alive(diary(tmp_path)[0])


def test_a_program_between_two_starts_does_not_start_once_more(keep: Keep, tmp_path: Path) -> None:
    keeper = keep(f"{DIARY} raise SystemExit(1)")
    await_true(lambda: "again in 1 s" in (tmp_path / "log").read_text(), "the pause")
    starts = len(diary(tmp_path))
    keeper.send_signal(signal.SIGTERM)
    assert keeper.wait(0.9) == 0
    assert len(diary(tmp_path)) == starts


def test_grandchildren_that_left_the_family_are_ended_too(keep: Keep, tmp_path: Path) -> None:
    leave = "os.fork() or (os.setsid(), open('diary', 'a').write(f'{os.getpid()}\\n'), time.sleep(60));"
    keeper = keep(f"{DIARY} {leave} time.sleep(60)")
    await_true(lambda: len(diary(tmp_path)) == 2, "parent and child")
    keeper.send_signal(signal.SIGTERM)
    assert keeper.wait(8) == 0
    assert not [pid for pid in diary(tmp_path) if is_alive(pid)]


@pytest.mark.slow
def test_a_program_that_does_not_listen_is_killed(keep: Keep, tmp_path: Path) -> None:
    keeper = keep(f"import signal; signal.signal(15, signal.SIG_IGN); {DIARY} time.sleep(60)")
    await_true(lambda: len(diary(tmp_path)) == 1, "the start")
    keeper.send_signal(signal.SIGTERM)
    assert keeper.wait(8) == 0
    assert not is_alive(diary(tmp_path)[0])


def test_the_program_does_not_outlive_a_keeper_that_is_killed(keep: Keep, tmp_path: Path) -> None:
    keeper = keep(f"{DIARY} time.sleep(60)")
    await_true(lambda: len(diary(tmp_path)) == 1, "the start")
    end(keeper, by=signal.SIGKILL)
    await_true(lambda: not is_alive(diary(tmp_path)[0]), "the program's end")
    assert keeper.returncode == -signal.SIGKILL


@pytest.fixture
def web() -> Iterator[socket.socket]:
    """Something that listens as a web process does while it still loads: it takes questions, and answers none by itself."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        yield server


def test_what_stands_behind_the_web_process_starts_when_that_answers(
    keep: Keep, web: socket.socket, tmp_path: Path
) -> None:
    keep(f"{DIARY} time.sleep(60)", "--behind", f"127.0.0.1:{web.getsockname()[1]}")
    question, _address = web.accept()
    with question:
        assert question.recv(1000).startswith(b"GET /healthz ")
        assert not diary(tmp_path)
        question.sendall(b"HTTP/1.0 503 Service Unavailable\r\n\r\n")
    await_true(lambda: len(diary(tmp_path)) == 1, "the start")


def test_what_waits_for_the_web_process_can_be_stopped(keep: Keep, web: socket.socket, tmp_path: Path) -> None:
    keeper = keep(DIARY, "--behind", f"127.0.0.1:{web.getsockname()[1]}")
    question, _address = web.accept()
    with question:
        keeper.send_signal(signal.SIGTERM)
        assert keeper.wait(5) == 0
    assert not diary(tmp_path)


def test_a_web_process_that_never_comes_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LONGEST_WAIT", 0.3)
    assert not keeping._told_before_an_answer(f"127.0.0.1:{free_port()}")


def test_a_program_that_does_not_exist_is_said_in_one_line() -> None:
    command = [sys.executable, "-m", "commons.cli.keep", "--", "no-such-program"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 127
    assert done.stderr == "no-such-program cannot be started: No such file or directory\n"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--"],
        ["true"],
        ["--later", "1", "--", "true"],
        ["--behind", "--", "true"],
        ["--behind", "here", "--", "true"],
    ],
)
def test_words_that_make_no_sense_are_answered_with_the_usage(words: list[str]) -> None:
    command = [sys.executable, "-m", "commons.cli.keep", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: ")
