"""`flask import threads` as a person at a terminal meets it."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, text

from commons.db import db
from commons.events import Event
from community.channels.models import ChannelPost
from community.inbox import cli
from community.inbox.models import Interaction, InteractionKind
from tests.community.inbox.factories import as_line, thread_line
from tests.servers.databases import Databases
from tests.servers.processes import await_true, obey_ctrl_c

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = datetime(2012, 1, 4, 13, tzinfo=UTC)


def run(app: Flask, path: Path | str, content: bytes | None = None) -> Result:
    return app.test_cli_runner().invoke(args=["import", "threads", str(path)], input=content)


def file_of(tmp_path: Path, *lines: dict[str, Any] | bytes, name: str = "threads.jsonl") -> Path:
    path = tmp_path / name
    content = b"".join(line if isinstance(line, bytes) else as_line(line) for line in lines)
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def nodes() -> dict[str, Interaction]:
    return {one.external_id: one for one in db.session.scalars(select(Interaction))}


@pytest.mark.parametrize("name", ["threads.jsonl", "threads.jsonl.gz"])
def test_a_thread_becomes_a_post_and_its_interactions(app: Flask, tmp_path: Path, name: str) -> None:
    result = run(app, file_of(tmp_path, thread_line(), name=name))
    assert result.exit_code == 0, result.output
    assert "1 new post, 3 new interactions, 0 known already" in result.output
    post = db.session.scalars(select(ChannelPost)).one()
    assert (post.external_id, post.text, post.author_name) == ("thread-1", "谁家的春茶最香？", "u012345")
    assert (post.account.channel, post.account.external_id) == ("imported", "u0123456789ab")
    assert post.published_at == PUBLISHED
    assert post.facts["author"]["province"] == "福建"


def test_nodes_have_their_kind_parent_author_and_time(app: Flask, tmp_path: Path) -> None:
    run(app, file_of(tmp_path, thread_line()))
    first, second, third = (nodes()[f"thread-1/{n}"] for n in (1, 2, 3))
    assert [one.kind for one in (first, second, third)] == [
        InteractionKind.COMMENT,
        InteractionKind.REPOST,
        InteractionKind.REPOST,
    ]
    assert [one.parent_id for one in (first, second, third)] == [None, first.id, None]
    assert second.occurred_at == PUBLISHED + timedelta(seconds=90)
    assert (first.author.channel, first.author.external_id, first.author.name) == (
        "imported",
        "uaaaaaaaaaaaa",
        "uaaaaaa",
    )
    assert first.post is not None
    assert first.post.external_id == "thread-1"


def test_running_it_again_adds_nothing(app: Flask, tmp_path: Path) -> None:
    path = file_of(tmp_path, thread_line(), thread_line(id="thread-2"))
    run(app, path)
    facts = count(Event)
    result = run(app, path)
    assert result.exit_code == 0
    assert "0 new posts, 0 new interactions, 6 known already" in result.output
    assert (count(ChannelPost), count(Interaction), count(Event)) == (2, 6, facts)


def test_a_thread_that_has_grown_brings_what_is_new(app: Flask, tmp_path: Path) -> None:
    run(app, file_of(tmp_path, thread_line([[1, 0, 5, "u1", "一"]])))
    result = run(app, file_of(tmp_path, thread_line([[1, 0, 5, "u1", "一"], [2, 1, 9, "u2", "二"]])))
    assert "0 new posts, 1 new interactions, 1 known already" in result.output
    assert nodes()["thread-1/2"].parent_id == nodes()["thread-1/1"].id


def test_a_bad_line_is_named_and_skipped_and_the_status_says_so(app: Flask, tmp_path: Path) -> None:
    bad = thread_line([[1, 0, 5, "u1", ""], [2, 0, "soon", "u2", ""]], id="bad")
    result = run(app, file_of(tmp_path, thread_line(), bad, b"\n", b"{half\n", thread_line(id="thread-2")))
    assert result.exit_code == 1
    assert "line 2: entry 2 of thread: t must be a whole number, not text; skipped" in result.output
    assert "line 4: not JSON" in result.output
    assert "2 new posts, 6 new interactions, 0 known already, 2 lines skipped" in result.output
    assert {post.external_id for post in db.session.scalars(select(ChannelPost))} == {"thread-1", "thread-2"}
    assert all(not name.startswith("bad") for name in nodes())


def test_standard_input_is_read_when_the_file_is_a_dash(app: Flask) -> None:
    assert "1 new post, 3 new interactions" in run(app, "-", as_line(thread_line())).output


def test_a_file_that_is_not_there_is_one_clear_line(app: Flask, tmp_path: Path) -> None:
    result = run(app, tmp_path / "nowhere.jsonl")
    assert result.exit_code == 2
    assert "nowhere.jsonl: No such file or directory." in result.output


@pytest.mark.slow
def test_of_a_packed_file_that_breaks_off_the_whole_threads_are_kept(app: Flask, tmp_path: Path) -> None:
    lines = [thread_line([[1, 0, 1, os.urandom(30).hex(), os.urandom(900).hex()]], id=f"t{n}") for n in range(200)]
    path = file_of(tmp_path, *lines, name="threads.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-3000])
    result = run(app, path)
    assert result.exit_code == 2
    assert "the compressed file breaks off after line" in result.output
    assert 50 < count(ChannelPost) == count(Interaction) < 200


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_what_makes_the_tables_grow_is_told_to_the_planner(app: Flask, tmp_path: Path) -> None:
    known = text("SELECT count(*) FROM pg_stats WHERE tablename = 'interaction' AND attname = 'external_id'")
    run(app, file_of(tmp_path, thread_line([[1, 0, 1, "u1", "茶"]], id="small")))
    before = db.session.scalar(known)
    run(app, file_of(tmp_path, thread_line([[n, 0, n, f"u{n}", "茶"] for n in range(1, 2_501)], id="large")))
    assert (before, db.session.scalar(known)) == (0, 1)


def test_hostile_texts_are_kept_as_far_as_they_can_be(app: Flask, tmp_path: Path) -> None:
    words = "<script>alert(1)</script>\x00\ud83d \u202e'; DROP TABLE interaction; --\\."
    result = run(app, file_of(tmp_path, thread_line([[1, 0, 1, "u1", words]], text=words)))
    assert result.exit_code == 0
    kept = words.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd")
    assert nodes()["thread-1/1"].text == kept
    assert db.session.scalars(select(ChannelPost)).one().text == kept


def test_an_interruption_keeps_whole_threads_and_a_second_run_goes_on(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(tmp_path, thread_line(), thread_line(id="thread-2"), thread_line(id="thread-3"))
    monkeypatch.setattr(cli, "NODES_IN_A_COMMIT", 3)
    with monkeypatch.context() as patched:
        patched.setattr(cli, "load", interrupted_at("thread-2"))
        result = run(app, path)
    assert result.exit_code == 130
    assert "Stopped. What was read so far is kept" in result.output
    assert (count(ChannelPost), count(Interaction)) == (1, 3)
    assert "2 new posts, 6 new interactions, 3 known already" in run(app, path).output


def interrupted_at(name: str) -> Any:
    """`load`, with Ctrl-C pressed when the thread of that name is written but not committed."""
    whole = cli.load

    def load(thread: Any, at: datetime) -> Any:
        loaded = whole(thread, at)
        if thread.id == name:
            raise KeyboardInterrupt
        return loaded

    return load


@pytest.mark.slow
def test_ctrl_c_stops_a_running_import_cleanly(
    databases: Databases, environ: dict[str, str], committed_app: Flask, tmp_path: Path
) -> None:
    url = databases.fresh()
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "import", "threads", "-"],
            cwd=ROOT,
            env=os.environ | environ | {"DATABASE_URL": url},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            preexec_fn=obey_ctrl_c,
        )
        assert process.stdin is not None
        process.stdin.write(as_line(thread_line()))
        process.stdin.flush()
        committed_app.config["SQLALCHEMY_DATABASE_URI"] = url
        await_true(lambda: posts_in(url) == 1, "the first thread is committed", within=20)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        process.stdin.close()
    said = log.read_text()
    assert "Stopped." in said
    assert "Traceback" not in said
    assert posts_in(url) == 1


def posts_in(url: str) -> int:
    from sqlalchemy import create_engine, text

    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM channel_post")).scalar_one()
    engine.dispose()
    return int(found)


def test_the_lines_of_the_test_file_are_json() -> None:
    assert json.loads(as_line(thread_line()))["id"] == "thread-1"
