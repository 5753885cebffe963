"""Keep one program running: `python -m commons.cli.keep [--behind HOST:PORT] -- PROGRAM WORDS…`.

The process manager stops everything as soon as one of its processes ends, so each of them is kept by one of these. A program
that ends is started again after a pause that grows while it keeps ending soon. SIGTERM, SIGINT and SIGHUP are passed on, and
nothing that the program has started outlives the keeper. What stands behind an address is started once the web process answers
there: a small machine would otherwise load all programs at once, and the first page would wait for the last of them.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
SETTLED_AFTER = 60.0
GRACE = 4.0  # less than the 5 seconds after which honcho kills what is left
STOPS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
WATCHED = STOPS | {signal.SIGCHLD}
LOOK_EVERY = 2.0
ASK_EVERY = 0.1
LONGEST_WAIT = 15.0  # behind an address where nobody answers
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def keep(command: Sequence[str], *, behind: str = "") -> int:
    """Run `command`, first once somebody answers at `behind` if that is given, until told to stop; the exit status."""
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    _tell_kernel(PR_SET_PDEATHSIG, signal.SIGTERM)
    _tell_kernel(PR_SET_CHILD_SUBREAPER, 1)
    if behind and _told_before_an_answer(behind):
        return 0
    pause = FIRST_PAUSE
    while True:
        started = time.monotonic()
        child = _start(command)
        if child is None:
            return 127
        if _ended_or_told(child):
            return _stop(child)
        _end_group(child.pid)
        if time.monotonic() - started > SETTLED_AFTER:
            pause = FIRST_PAUSE
        _say(f"{command[0]} ended with status {child.returncode}; starts again in {pause:g} s")
        if signal.sigtimedwait(STOPS, pause):
            return _stop(child)
        pause = min(pause * 2, LONGEST_PAUSE)


def die_with_parent() -> None:
    """In a child, before it becomes its program: end when the parent does, and take signals as usual."""
    _tell_kernel(PR_SET_PDEATHSIG, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)


def _told_before_an_answer(address: str) -> bool:
    """Wait for the web process, `LONGEST_WAIT` at most; whether a signal to stop came first."""
    end = time.monotonic() + LONGEST_WAIT
    asked: socket.socket | None = None
    while time.monotonic() < end:
        # One question is enough: a server that still loads has taken it, and answers when it can.
        asked = asked or _ask(address)
        if asked is not None and select.select([asked], [], [], 0)[0]:
            break
        if signal.sigtimedwait(STOPS, ASK_EVERY):
            return True
    if asked is not None:
        asked.close()
    return False


def _ask(address: str) -> socket.socket | None:
    """A connection on which an answer will come, or nothing if nobody listens there yet."""
    host, _, port = address.rpartition(":")
    try:
        asked = socket.create_connection((host, int(port)), timeout=1)
        asked.sendall(f"GET /healthz HTTP/1.0\r\nHost: {address}\r\n\r\n".encode())
    except OSError:
        return None
    return asked


def _start(command: Sequence[str]) -> subprocess.Popen[bytes] | None:
    try:
        return subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent)
    except OSError as obstacle:
        _say(f"{command[0]} cannot be started: {obstacle.strerror}")
        return None


def _ended_or_told(child: subprocess.Popen[bytes]) -> bool:
    """Wait until the child has ended (False) or a signal to stop has come (True)."""
    while True:
        told = signal.sigtimedwait(WATCHED, LOOK_EVERY)
        if (told and told.si_signo in STOPS) or _manager_is_gone():
            return True
        _reap_others(child.pid)
        if child.poll() is not None:
            return False


def _end_group(leader: int) -> None:
    """End what a program that was killed has left in its process group: web workers would go on serving beside new ones.

    A job in the middle of its work has a group of its own; it may finish.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _manager_is_gone() -> bool:
    """Whether the process manager was killed: it then tells nobody. Its id comes with the environment."""
    manager = os.environ.get("QUANZI_MANAGER", "")
    return manager.isdigit() and not Path(f"/proc/{manager}").exists() and Path("/proc/self").exists()


def _stop(child: subprocess.Popen[bytes]) -> int:
    """End the child kindly, then whatever is left of its family."""
    with suppress(ProcessLookupError):
        child.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        child.wait(GRACE)
    while family := list(_children()):
        for member in family:
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        for member in family:
            with suppress(ChildProcessError):
                os.waitpid(member, 0)
    return 0


def _reap_others(kept: int) -> None:
    """Take leave of adopted grandchildren that have ended: the kernel hands orphans of the child to this process."""
    with suppress(ChildProcessError):
        while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and ended.si_pid != kept:
            os.waitpid(ended.si_pid, 0)


def _children() -> Iterator[int]:
    """The processes whose parent is this one."""
    mine = str(os.getpid())
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if fields[1] == mine:
                yield int(status.parent.name)


def _tell_kernel(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, int(value))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main() -> int:
    options, words = _divided(sys.argv[1:])
    match options:
        case [] if words:
            return keep(words)
        case ["--behind", address] if words and address.rpartition(":")[2].isdigit():
            return keep(words, behind=address)
    _say("usage: python -m commons.cli.keep [--behind HOST:PORT] -- PROGRAM WORDS…")
    return 2


def _divided(words: list[str]) -> tuple[list[str], list[str]]:
    """What stands before `--` and what behind it."""
    cut = words.index("--") if "--" in words else 0
    return words[:cut], words[cut + 1 :]


if __name__ == "__main__":
    sys.exit(main())
