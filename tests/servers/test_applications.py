"""The ground that the other tests stand on: nothing of one test is seen by the next."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from commons import clock
from commons.db import Base, db
from commons.jobs.models import Timer
from tests.servers.applications import close, forget_visits, make_app
from tests.servers.databases import Databases
from tests.servers.valkey import Valkey


def a_timer(name: str) -> Timer:
    return Timer(name=name, due_at=clock.now())


def count() -> int:
    return db.session.query(Timer).filter(Timer.name.like("isolation%")).count()


def test_the_database_speaks_the_engine_that_the_test_was_asked_for(app: Flask, engine: str) -> None:
    assert db.session.get_bind().dialect.name == engine
    assert set(Base.metadata.tables) <= set(inspect(db.session.connection()).get_table_names())


def test_what_one_test_commits_is_there_for_itself(app: Flask) -> None:
    db.session.add(a_timer("isolation"))
    db.session.commit()
    db.session.rollback()
    assert count() == 1


def test_what_one_test_commits_is_gone_for_the_next(app: Flask) -> None:
    assert count() == 0


def test_a_refused_row_leaves_the_session_usable(app: Flask) -> None:
    db.session.add(a_timer("isolation"))
    db.session.commit()
    db.session.add(a_timer("isolation"))
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
    assert count() == 1


def test_a_request_sees_what_the_test_has_built_and_the_test_sees_what_the_request_did(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rename() -> str:
        db.session.query(Timer).filter_by(name="isolation").one().name = "isolation, renamed"
        db.session.commit()
        return "renamed"

    monkeypatch.setitem(app.before_request_funcs, None, [rename])
    timer = a_timer("isolation")
    db.session.add(timer)
    assert client.post("/").text == "renamed"
    assert timer.name == "isolation, renamed"


def test_a_committed_app_is_seen_by_other_threads(committed_app: Flask, valkey: Valkey) -> None:
    db.session.add(a_timer("isolation"))
    db.session.commit()
    seen: list[int] = []

    def look() -> None:
        with committed_app.app_context():
            seen.append(count())

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]


def test_the_queue_is_empty_at_the_start_of_a_test(valkey: Valkey) -> None:
    with valkey.client() as connection:
        assert connection.dbsize() == 0


def test_chinese_words_are_found_by_full_text_search_on_postgresql(app: Flask, engine: str) -> None:
    if engine != "postgresql":
        assert db.session.execute(text("SELECT lower('ABC')")).scalar() == "abc"
    else:
        assert (
            db.session.execute(text("SELECT lower('ÄÖ') || to_tsvector('simple', '圈子')::text")).scalar()
            == "äö'圈子':1"
        )


def test_an_application_that_came_and_went_takes_no_limits_along(
    shared_app: Flask, environ: dict[str, str], databases: Databases, valkey: Valkey
) -> None:
    other = Valkey().start()
    passing = make_app({**environ, "REDIS_URL": other.url}, databases.fresh())
    close(passing)
    other.stop()
    forget_visits(shared_app)
    with shared_app.app_context():
        assert shared_app.test_client().get("/accounts/sign-in").status_code == 200
