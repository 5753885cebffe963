"""Visits on their way: nothing is lost and nothing is doubled, whoever dies in between."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from campaigns.links.spool import Row, Spool
from tests.servers.live import ROOT

WRITER = """
import sys
from pathlib import Path
from campaigns.links.spool import Spool
spool = Spool(Path(sys.argv[1]))
for number in range(1000):
    spool.add({"uid": f"{number}", "browser": "茶"})
print("written", flush=True)
sys.stdin.read()
"""


class Database:
    """Takes rows as the real one does: one of each uid; may be away."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.away = False

    def write(self, rows: Sequence[Row]) -> None:
        if self.away:
            raise ConnectionError("the database is away")
        self.rows.update({row["uid"]: row for row in rows})


def test_what_was_added_is_written_once_and_the_folder_is_empty(tmp_path: Path) -> None:
    spool, database = Spool(tmp_path), Database()
    for number in range(3):
        spool.add({"uid": str(number)})
    assert spool.drain(database.write) == 3
    assert spool.drain(database.write) == 0
    assert sorted(database.rows) == ["0", "1", "2"]
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_drain_is_no_error(tmp_path: Path) -> None:
    assert Spool(tmp_path / "not there yet").drain(Database().write) == 0


def test_a_database_that_is_away_gets_its_visits_later(tmp_path: Path) -> None:
    spool, database = Spool(tmp_path), Database()
    spool.add({"uid": "a"})
    database.away = True
    with pytest.raises(ConnectionError):
        spool.drain(database.write)
    spool.add({"uid": "b"})
    database.away = False
    assert spool.drain(database.write) == 2
    assert sorted(database.rows) == ["a", "b"]


def test_a_death_between_write_and_removal_doubles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool, database = Spool(tmp_path), Database()
    spool.add({"uid": "a"})

    def die(path: Path, **_: Any) -> None:
        raise OSError("the plug was pulled")

    with monkeypatch.context() as death:
        death.setattr(Path, "unlink", die)
        with pytest.raises(OSError, match="plug"):
            spool.drain(database.write)
    assert Spool(tmp_path).drain(database.write) == 1
    assert list(database.rows) == ["a"]


@pytest.mark.parametrize("half", [b'{"uid": "b", "bro', b'{"uid": "b", "browser": "\xe8\x8c', b"\x00\x00\x00", b""])
def test_half_a_line_costs_only_itself(tmp_path: Path, half: bytes) -> None:
    (tmp_path / "1-dead.jsonl").write_bytes(b'{"uid": "a"}\n' + half)
    (tmp_path / "2-dead.jsonl").write_bytes(b'{"uid": "c"}\n')
    database = Database()
    assert Spool(tmp_path).drain(database.write) == 2
    assert sorted(database.rows) == ["a", "c"]
    assert list(tmp_path.iterdir()) == []


def test_a_segment_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    writing, database = Spool(tmp_path), Database()
    writing.add({"uid": "a"})
    assert Spool(tmp_path).drain(database.write) == 0
    assert writing.drain(database.write) == 1


def test_two_drainers_at_once_write_every_visit_once(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / f"{number}-dead.jsonl").write_text(json.dumps({"uid": str(number)}) + "\n")
    written: list[str] = []
    drainers = [
        threading.Thread(target=Spool(tmp_path).drain, args=(lambda rows: written.extend(row["uid"] for row in rows),))
        for _ in range(2)
    ]
    for drainer in drainers:
        drainer.start()
    for drainer in drainers:
        drainer.join()
    assert sorted(written, key=int) == [str(number) for number in range(50)]


@pytest.mark.kill
def test_a_process_killed_with_9_leaves_every_visit_that_it_took(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"written\n"
        os.kill(writer.pid, signal.SIGKILL)
    database = Database()
    assert Spool(tmp_path).drain(database.write) == 1000
    assert database.rows["999"] == {"uid": "999", "browser": "茶"}
