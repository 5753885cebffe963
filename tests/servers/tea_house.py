"""The demo brand as it stands at its first start: seeded once on each engine, for all tests that look at it or walk in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from campaigns.demo import seeding
from tests.servers.applications import close, make_app
from tests.servers.databases import Databases

NAME = "tea_house"


@dataclass(frozen=True)
class TeaHouse:
    """Seeded at `at`; `shares` is what was heard of the progress, `var` holds the pictures."""

    databases: Databases
    at: datetime
    shares: Sequence[float]
    var: Path

    def fresh(self) -> str:
        """The URL of a database in which nothing has happened since."""
        return self.databases.fresh(like=NAME)


def seeded(databases: Databases, environ: Mapping[str, str], var: Path) -> TeaHouse:
    """Have `flask prepare` seed it, as the first `make run` does."""
    moments: list[datetime] = []
    shares: list[float] = []
    seed = seeding.seed

    def overheard(now: datetime, progress: seeding.Progress) -> None:
        moments.append(now)
        seed(now, lambda share: (shares.append(share), progress(share))[1])

    app = make_app({**environ, "QUANZI_VAR": str(var)}, databases.template(NAME))
    with patch.object(seeding, "seed", overheard), patch.dict("os.environ", QUANZI_DEMO="1"):
        prepared = app.test_cli_runner().invoke(args=["prepare"])
    close(app)
    assert prepared.exit_code == 0, prepared.output
    return TeaHouse(databases, moments[0], shares, var)
