"""`python -m benchmarks [NAME …]`: run all benchmarks, or those named, one after the other."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from benchmarks import (
    calendar,
    chains,
    circle,
    composer,
    control,
    draws,
    joins,
    ledger,
    publishing,
    receiving,
    redirects,
    tick,
)

BENCHMARKS: dict[str, Callable[[], None]] = {
    "calendar": calendar.run,
    "chains": chains.run,
    "circle": circle.run,
    "composer": composer.run,
    "control": control.run,
    "draws": draws.run,
    "joins": joins.run,
    "ledger": ledger.run,
    "publishing": publishing.run,
    "receiving": receiving.run,
    "redirects": redirects.run,
    "tick": tick.run,
}


def main() -> int:
    wanted = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.\n")
        return 2
    for name in wanted:
        sys.stdout.write(f"\n== {name}   (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors)\n\n")
        sys.stdout.flush()
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
