from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons import clock, jobs
from commons.db import db
from commons.jobs.models import Job, JobState
from tests.commons.jobs import crew
from tests.commons.jobs.rows import row, woken
from tests.servers.valkey import Valkey


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Job)) or 0


def test_a_worker_is_woken_after_the_commit_and_not_before(jobs_app: Flask, valkey: Valkey) -> None:
    sent = jobs.send("crew.note", number=1)
    assert woken(valkey) == []
    db.session.commit()
    assert woken(valkey) == [[sent]]
    assert row("crew.note").state == JobState.QUEUED


def test_the_release_of_a_savepoint_is_no_commit(jobs_app: Flask, valkey: Valkey) -> None:
    with db.session.begin_nested():
        sent = jobs.send("crew.note", number=1)
    assert woken(valkey) == []
    db.session.commit()
    assert woken(valkey) == [[sent]]


def test_what_is_rolled_back_was_never_sent(jobs_app: Flask, valkey: Valkey) -> None:
    jobs.send("crew.note", number=1)
    db.session.rollback()
    db.session.execute(select(1))
    db.session.commit()
    assert woken(valkey) == []
    assert count() == 0


def test_what_is_due_later_waits_for_the_tick(jobs_app: Flask, valkey: Valkey) -> None:
    jobs.send("crew.note", due=clock.now() + timedelta(minutes=5), number=1)
    db.session.commit()
    assert woken(valkey) == []
    assert row("crew.note").state == JobState.WAITING


def test_the_same_key_twice_is_one_row(jobs_app: Flask, valkey: Valkey) -> None:
    first = jobs.send("crew.note", key="welcome 7", number=1)
    second = jobs.send("crew.note", key="welcome 7", number=2)
    db.session.commit()
    assert first is not None
    assert second is None
    assert count() == 1
    assert woken(valkey) == [[first]]


def test_each_queue_is_told_of_its_own_rows(jobs_app: Flask, valkey: Valkey) -> None:
    noted, published = jobs.send("crew.note", number=1), jobs.send("crew.publish", number=2)
    db.session.commit()
    assert (woken(valkey), woken(valkey, "publishing")) == ([[noted]], [[published]])


def test_a_job_that_nobody_registered_cannot_be_sent(jobs_app: Flask) -> None:
    with pytest.raises(jobs.UnknownJob, match="no job is registered"):
        jobs.send("crew.nothing")


def test_without_redis_the_row_is_there_and_the_sender_does_not_notice(
    jobs_environ: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    app = crew.make(jobs_environ | {"REDIS_URL": "unix:///nowhere/valkey.sock"})
    with app.app_context():
        crew.create_tables()
        jobs.send("crew.note", number=1)
        db.session.commit()
        jobs.send("crew.note", number=2)
        db.session.commit()
        assert count() == 2
        db.session.remove()
        db.engine.dispose()
    assert [record.message for record in caplog.records] == [
        "Redis is away (ConnectionError); the tick will find what is due"
    ]
