"""The schedulers that a Python team would take instead, in an environment of their own: nothing of them is in the product.

Each module is a program: it gives `number` jobs to its scheduler, all due at one moment, two workers, and prints for every job
its number and the moment at which it ran. They know nothing of Quanzi.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HOME = ROOT / "var" / "schedulers"
PEERS = {
    "with_celery": "Celery 5, a job notes the time",
    "with_huey": "Huey, a job notes the time",
    "with_apscheduler": "APScheduler 3, jobs kept in Redis",
    "with_apscheduler_in_memory": "APScheduler 3, jobs lost with it",
    "with_rq": "plain RQ, a job notes the time, a tenth of them",
}
TENTH = {"with_rq"}
"""Too slow to wait for all: it gets a tenth of the jobs, which flatters it."""


def peers_python() -> Path:
    """The interpreter of the peers' environment, which is made, or brought up to date, if need be."""
    uv = ROOT / ".venv" / "bin" / "uv"
    python = HOME / "bin" / "python"
    pins = ROOT / "requirements" / "bench.txt"
    stamp = HOME / "pins.txt"
    if not stamp.exists() or stamp.read_bytes() != pins.read_bytes():
        subprocess.run(
            [uv, "venv", "--quiet", "--clear", "--python", ROOT / ".venv" / "bin" / "python", HOME], check=True
        )
        sync = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, pins]
        subprocess.run(sync, check=True)
        stamp.write_bytes(pins.read_bytes())
    return python
