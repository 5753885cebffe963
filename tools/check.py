"""`make test` and its parts: what runs, how long it took, and pytest's own line at the end.

python tools/check.py all | quick | unit | browser | lint [pytest arguments]
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
LINT = {
    "ruff check": ["ruff", "check", "--quiet", "."],
    "ruff format": ["ruff", "format", "--check", "--quiet", "."],
    "mypy --strict": ["mypy", "--no-error-summary"],
}
CHROMIUM = {"Chromium": ["python", "-m", "tests.servers.browser"]}
WORKERS = ["-n", "auto", "--maxprocesses", "4", "--dist", "loadscope"]
PARTS: dict[str, tuple[dict[str, list[str]], list[str] | None]] = {
    "all": (LINT | CHROMIUM, []),
    "unit": ({}, ["-m", "unit"]),
    "quick": ({}, ["-m", "not browser and not kill and not slow"]),
    "browser": (CHROMIUM, ["-m", "browser"]),
    "lint": (LINT, None),
}


def main() -> int:
    part, *more = sys.argv[1:] or ["all"]
    before, selection = PARTS[part]
    failed = [name for name, command in before.items() if not passes(name, command)]
    if failed:
        say(f"FAILED before the tests: {', '.join(failed)}\n")
    if selection is None:
        return int(bool(failed))
    command = [str(BIN / "pytest"), "-q", "--durations=15", *WORKERS, *selection, *more]
    status = subprocess.call(command, cwd=ROOT, env=environment())
    return status or int(bool(failed))


def passes(name: str, command: list[str]) -> bool:
    """Run one tool and say how long it took; its own words are shown as they come."""
    started = time.monotonic()
    program, *words = command
    done = subprocess.run([str(BIN / program), *words], cwd=ROOT, env={**environment(), "PYTHONPATH": str(ROOT)})
    say(f"  {name}: {'ok' if done.returncode == 0 else 'FAILED'}, {time.monotonic() - started:.1f} s\n")
    return done.returncode == 0


def environment() -> dict[str, str]:
    """Ours, less what would have every worker compile all sources again."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
