"""`python -m benchmarks [NAME …]`: run all benchmarks, or those named, one after the other."""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks import calendar, composer, fans, ledger, publishing, receiving, segments, tick

BENCHMARKS: dict[str, Callable[[], None]] = {
    "calendar": calendar.run,
    "composer": composer.run,
    "fans": fans.run,
    "ledger": ledger.run,
    "publishing": publishing.run,
    "receiving": receiving.run,
    "segments": segments.run,
    "tick": tick.run,
}


def main() -> int:
    wanted = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.\n")
        return 2
    for name in wanted:
        sys.stdout.write(f"\n== {name}\n\n")
        sys.stdout.flush()
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
