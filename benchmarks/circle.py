"""A large circle: 1,720,000 members (the following of one operator's service account in 2012) and 50 million facts.

`python -m benchmarks.circle` (`make bench-large`) makes it once, keeps it in a folder for the next time, and measures the fans'
status page, exact places and segments in it. `make bench` does the same with a hundredth, in a folder of the moment.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask

from benchmarks import circle_of, fans, segments
from commons import clock
from commons.cli import preparing
from commons.db import db, random_id

if TYPE_CHECKING:
    from tests.servers.live import Live

MEMBERS, FACTS = 1_720_000, 50_000_000
SHARE = 100
WORDS = "a key of the benchmark only, as long as a key must be"
DATABASE = "circle"
# Two processors and a quarter of the memory, as one would set up a server for this; commits wait for the disk.
SERVER = {
    "shared_buffers": "4GB", "effective_cache_size": "12GB", "work_mem": "64MB", "max_wal_size": "6GB", "random_page_cost": "1.1",
    "checkpoint_timeout": "30min", "wal_level": "minimal", "max_wal_senders": "0",
}  # fmt: skip
SMALL = {"shared_buffers": "512MB", "max_wal_size": "4GB", "random_page_cost": "1.1"}


def run() -> None:
    """A hundredth of the circle, as part of `make bench`."""
    with tempfile.TemporaryDirectory(prefix="quanzi-circle-") as folder:
        Path(folder).chmod(0o755)
        measure(MEMBERS // SHARE, FACTS // SHARE, Path(folder) / "data", SMALL)


def measure(members: int, facts: int, folder: Path, settings: Mapping[str, str]) -> None:
    """Make the circle unless the folder holds it, and print what its pages, places and segments take."""
    from tests.factories import make_staff

    with _ground(members, facts, folder, settings) as (app, live, dsn):
        staff = make_staff(email=f"{random_id()}@example.org")
        cookies = fans.make_fans(app, members)
        places, peer = fans.ask_places(live.valkey.client(), dsn, members)
        fans.show_places(places, peer)
        db.session.remove()
        live.start("web")
        first, settled = fans.visit(live.url, cookies)
        fans.show_pages(first, settled)
        live.kill("web")
        rounds = segments.go_round(staff, clock.now())
        followed = segments.follow(staff, members, lambda: _start(live))
        segments.show(rounds, followed)
        _verdicts(
            *(
                (f"status page, {fans.FANS} fans: {timed.name}, p99 in ms", timed.p99, fans.WANTED_MS)
                for pause, timed in settled.items()
                if pause
            ),
            ("exact place by the driver, times ZREVRANK", places[0].median / peer.median, fans.WANTED_RATIO),
            ("exact place through the session, times ZREVRANK", places[1].median / peer.median, fans.WANTED_RATIO),
            ("a fact until its member is in the segment, slowest, in s", max(followed), segments.WANTED_FOLLOW),
            ("ten conditions asked of everybody, in s", rounds.round, segments.WANTED_ROUND),
        )


@contextmanager
def _ground(
    members: int, facts: int, folder: Path, settings: Mapping[str, str]
) -> Iterator[tuple[Flask, Live, str]]:  # fmt: skip
    """The application on the circle, the processes that may be started on it, and the database for a driver."""
    from tests.servers.applications import close, make_app
    from tests.servers.databases import migrate
    from tests.servers.live import Live
    from tests.servers.postgres import Postgres

    folder.mkdir(parents=True, exist_ok=True)
    server = Postgres(settings, folder).start()
    is_made = (folder / "made").exists()
    url = server.url(DATABASE) if is_made else server.create(DATABASE)
    with tempfile.TemporaryDirectory(prefix="quanzi-bench-") as var:
        live = Live({"SECRET_KEY": WORDS, "WEB_WORKERS": "2", "WEB_THREADS": "2"}, url, Path(var))
        app = make_app(live.settings, url)
        try:
            with app.app_context():
                migrate()
                _make(server.dsn(DATABASE), members, facts, None if is_made else folder / "made")
                yield app, live, server.dsn(DATABASE)
        finally:
            close(app)
            live.stop()
            server.stop()


def _make(dsn: str, members: int, facts: int, mark: Path | None) -> None:
    what = f"{members:,} members and {facts:,} facts on PostgreSQL, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    if mark is None:
        print(f"  {what}; made earlier")
        return
    began = time.perf_counter()
    for prepare in preparing:
        prepare(clock.now())
    db.session.commit()
    circle_of.make(dsn, members, facts, clock.now())
    mark.touch()
    print(f"  {what}; made in {time.perf_counter() - began:,.0f} s")


def _start(live: Live) -> None:
    live.start("tick", "worker-proving", "worker-default")


def _verdicts(*rows: tuple[str, float, float]) -> None:
    print(f"\n  {'':<58} {'measured':>10} {'wanted':>10}")
    for name, measured, wanted in rows:
        print(
            f"  {name:<58} {measured:>10,.2f} {f'≤ {wanted:,.0f}':>10}   {'reached' if measured <= wanted else 'MISSED'}"
        )


def main() -> int:
    asked: Any = argparse.ArgumentParser(
        prog="python -m benchmarks.circle", description=(__doc__ or "").partition("\n")[0]
    )
    asked.add_argument("--members", type=int, default=MEMBERS)
    asked.add_argument("--facts", type=int, default=FACTS)
    asked.add_argument("--folder", type=Path, help="where the circle is kept (some 25 GB for all of it)")
    asked.add_argument("--remove", action="store_true", help="remove the kept circle instead of measuring")
    given = asked.parse_args()
    folder = given.folder or Path("/var/tmp") / f"quanzi-circle-{given.members}"
    if given.remove:
        shutil.rmtree(folder, ignore_errors=True)
        print(f"{folder} is removed")
        return 0
    measure(given.members, given.facts, folder, SERVER)
    print(f"\n  The circle is kept in {folder}; `python -m benchmarks.circle --remove` removes it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
