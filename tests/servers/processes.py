"""Starting, awaiting and ending real processes; none of them outlives the test run."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


class NotReady(AssertionError):
    """A condition did not come true in time."""


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path,
    environ: Mapping[str, str] | None = None,
    user: int | None = None,
    dying: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start `command` in a process group of its own, as `user`; the kernel sends it `dying` should this process end first."""
    identity: dict[str, Any] = {} if user is None else {"user": user, "group": user_group(user), "extra_groups": []}
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env=dict(environ) if environ is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(dying),
            **identity,
        )


def die_with_parent(with_signal: signal.Signals) -> None:
    obey_ctrl_c()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(with_signal))


def obey_ctrl_c() -> None:
    """For a child: a suite that runs in the background hands down that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def user_group(user: int) -> int:
    return pwd.getpwuid(user).pw_gid


def end(process: subprocess.Popen[bytes], *, by: signal.Signals = signal.SIGTERM, within: float = 10) -> None:
    """End `process` by signal and await it; what does not follow in time is killed with its whole group."""
    if process.poll() is None:
        process.send_signal(by)
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)


def end_group(leader: int) -> None:
    """Kill what is left of a process group and await its end; zombies that nobody reaps do not count."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
    await_true(lambda: not living_members(leader), f"the end of process group {leader}")


def living_members(leader: int) -> list[int]:
    """The threads of a process group that have not ended: a process may be a zombie while its last threads still hold a port."""
    found = []
    for status in Path("/proc").glob("[0-9]*/task/[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, group, *_rest = status.read_text().rpartition(")")[2].split()
            if group == str(leader) and state not in "ZX":
                found.append(int(status.parent.name))
    return found


def await_true(condition: Callable[[], object], what: str, *, within: float = 10, every: float = 0.02) -> None:
    """Look at `condition` until it holds. Raises `NotReady`, saying `what` was awaited."""
    last = time.monotonic() + within
    while not condition():
        if time.monotonic() > last:
            raise NotReady(f"not within {within:g} s: {what}")
        time.sleep(every)
