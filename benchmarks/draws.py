"""A draw among 1,000,000 entrants on PostgreSQL: the list frozen, drawn by a real round of the beacon, proofs worked out.

Beside it, in the same run, bare SHA-256 of the same leaves, one after the other: no list can be committed to for less. The
order is worked out anew for a prize that is passed on, and the published file is written and recomputed by the script alone.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from campaigns.draws import awarding, drawing, freezing, merkle, proving, publishing
from campaigns.draws.models import Draw, DrawAward, DrawEntry
from campaigns.draws.views import SCRIPT
from campaigns.participation.models import Participant
from commons import bulk, clock, events
from commons.bulk import random_ids
from commons.db import Model, db
from community.members.models import Member

ENTRANTS = 1_000_000
PROOFS = 1_000
WANTED = 60.0
BATCH = 50_000
DURABLE = {"max_wal_size": "4GB"}


@dataclass(frozen=True)
class Result:
    name: str
    seconds: float
    of_peer: float | None = None


def run() -> None:
    """Print seconds for each step, and ours beside bare hashing."""
    from tests.campaigns.draws.factories import LAUNCH
    from tests.servers.postgres import Postgres
    from tests.servers.valkey import Valkey

    valkey, postgres = Valkey().start(), Postgres(DURABLE).start()
    clock.set_to(LAUNCH)
    try:
        with tempfile.TemporaryDirectory(prefix="quanzi-bench-") as folder, _app(Path(folder), postgres, valkey.url):
            _print(_measure(_ground(), Path(folder)))
    finally:
        clock.set_to(None)
        postgres.stop()
        valkey.stop()


def _print(results: list[Result]) -> None:
    print(f"A draw among {ENTRANTS:,} entrants on PostgreSQL, each step committed")
    for result in results:
        ratio = "" if result.of_peer is None else f"   {result.of_peer:.1f} times the peer"
        print(f"  {result.name:<74} {result.seconds:>8.2f} s{ratio}")
    whole = sum(result.seconds for result in results if result.name.startswith("ours"))
    print(f"  all of ours: {whole:.1f} s; wanted: under {WANTED:.0f} s; {'reached' if whole < WANTED else 'MISSED'}")


def _measure(draw_id: int, folder: Path) -> list[Result]:
    from tests.campaigns.draws.factories import REVEAL, ROUNDS

    draw = db.session.get_one(Draw, draw_id)
    frozen = _timed(lambda: freezing.freeze(draw_id, draw.closes_at))
    drawn = _timed(lambda: drawing.draw_by(db.session.get_one(Draw, draw_id), ROUNDS[1000], REVEAL))
    proofs = _timed(lambda: _proofs(draw_id))
    passed = _timed(lambda: awarding.decline(db.session.scalars(select(DrawAward).limit(1)).one(), REVEAL))
    file = folder / "draw.json"
    written = _timed(lambda: _write(draw_id, file))
    checked = _timed(lambda: subprocess.run([sys.executable, str(SCRIPT), str(file)], check=True, capture_output=True))
    db.session.refresh(draw)
    leaves = [f"{draw.public_id}/{entry}".encode() for entry in awarding.entries_of(draw)]
    bare = _timed(lambda: [sha256(leaf).digest() for leaf in leaves])
    tree = _timed(lambda: merkle.root([merkle.leaf(leaf) for leaf in leaves]))
    return [
        Result("ours: list frozen: judged, random ids, rows, tree, root, exclusions", frozen, frozen / bare),
        Result("ours: drawn: signature proven, order, first prizes offered", drawn, drawn / bare),
        Result(f"ours: {PROOFS:,} proofs, each from the rows", proofs),
        Result("peer: bare SHA-256 of the same leaves", bare),
        Result("the tree alone, in memory", tree, tree / bare),
        Result("a prize passed on to the next rank", passed),
        Result(f"the published file written ({file.stat().st_size / 1e6:.0f} MB)", written),
        Result("the file recomputed by the script, a process of its own", checked),
    ]


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    db.session.commit()
    return time.perf_counter() - began


def _proofs(draw_id: int) -> None:
    """Entries from all over the list, each proof followed to the root."""
    step = ENTRANTS // PROOFS
    query = select(DrawEntry).where(DrawEntry.draw_id == draw_id, DrawEntry.position.is_not(None))
    for entry in db.session.scalars(query.where(DrawEntry.position % step == 0)).all():
        proof = proving.proof_of(entry)
        leaf = proving.leaf_of(proof["draw"], proof["entry"])
        path = [bytes.fromhex(neighbour) for neighbour in proof["path"]]
        assert merkle.root_by(leaf, proof["index"], proof["count"], path) == bytes.fromhex(proof["root"])


def _write(draw_id: int, file: Path) -> None:
    with file.open("wb") as out:
        out.writelines(publishing.published(db.session.get_one(Draw, draw_id)))


def _ground() -> int:
    """A launched draw and its participants, written in bulk: the id of the draw."""
    from tests.campaigns.draws.factories import make_draw

    draw = make_draw()
    said = events.track("bench.said", key="bench", at=clock.now(), campaign_id=draw.campaign_id)
    assert said is not None
    began = clock.now() - timedelta(hours=1)
    for _start in range(0, ENTRANTS, BATCH):
        ids = bulk.reserve_ids(db.session.connection(), Member.__table__, BATCH)  # type: ignore[arg-type]
        names = random_ids(BATCH)
        _rows(
            Member,
            ("id", "public_id", "name", "joined_at", "card_public"),
            zip(ids, names, names, _same(began), _same(False), strict=False),
        )
        columns = ("campaign_id", "member_id", "event_id", "joined_at")
        _rows(Participant, columns, zip(_same(draw.campaign_id), ids, _same(said.id), _same(began), strict=False))
    db.session.commit()
    db.session.execute(db.text("ANALYZE member, participant"))
    db.session.commit()
    return draw.id


def _rows(model: type[Model], columns: tuple[str, ...], rows: Any) -> None:
    bulk.write(db.session.connection(), model.__table__, columns, rows)  # type: ignore[arg-type]


def _same(value: int | bool | datetime) -> Iterator[Any]:
    while True:
        yield value


@contextmanager
def _app(folder: Path, postgres: Any, valkey: str) -> Iterator[Flask]:
    """The whole application on a fresh database, its context open."""
    from tests.servers.applications import close, make_app
    from tests.servers.databases import Databases

    environ = {"REDIS_URL": valkey, "SECRET_KEY": "only for this benchmark, and long enough", "QUANZI_VAR": str(folder)}
    databases = Databases("postgresql", folder, postgres)
    databases.prepare(lambda url: make_app(environ, url))
    app = make_app(environ, databases.fresh())
    with app.app_context():
        yield app
    close(app)


if __name__ == "__main__":
    run()
