from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from commons import jobs
from commons.admin import health
from commons.db import db
from commons.jobs.models import Job, JobState, TickLease
from commons.permissions import Role
from tests.factories import make_staff, sign_in
from tests.servers.valkey import Valkey


def tick_at_work(at: datetime) -> None:
    db.session.add(TickLease(id=1, holder="a tick", until=at + timedelta(seconds=5)))
    db.session.flush()


def test_with_database_redis_and_tick_all_is_well(app: Flask, client: FlaskClient, at: datetime) -> None:
    tick_at_work(at)

    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.json["status"] == "healthy"
    assert answer.json["tick_age"] == pytest.approx(1.0)


def test_without_a_tick_it_is_late_and_still_answers(app: Flask, client: FlaskClient, at: datetime) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json["status"], answer.json["tick_age"]) == (200, "late", None)


def test_a_tick_that_died_is_seen(app: Flask, at: datetime) -> None:
    tick_at_work(at - timedelta(minutes=2))

    found = health.look(at)

    assert not found.ticks
    assert found.tick == pytest.approx(121)
    assert found.state == "late"


def test_work_that_waits_for_long_is_seen(app: Flask, at: datetime) -> None:
    tick_at_work(at)
    row_id = jobs.send("mail.send", due=at + timedelta(hours=1), letter="later")
    assert row_id is not None
    assert health.look(at).waiting == 0

    db.session.get_one(Job, row_id).due_at = at - timedelta(minutes=5)
    db.session.flush()

    found = health.look(at)
    assert (found.waiting, found.late, found.state) == (1, 300.0, "late")


def test_work_that_was_given_up_is_counted(app: Flask, at: datetime) -> None:
    row_id = jobs.send("mail.send", letter="never")
    assert row_id is not None
    db.session.get_one(Job, row_id).state = JobState.DEAD
    db.session.flush()

    assert (health.look(at).dead, health.look(at).waiting) == (1, 0)


def test_without_the_database_it_is_down(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr("sqlalchemy.orm.Session.execute", refuse)
    answer = client.get("/healthz")
    monkeypatch.undo()

    assert (answer.status_code, answer.json["status"]) == (503, "down")
    assert db.session.scalar(text("SELECT 1")) == 1


def test_without_redis_pages_and_sign_in_still_work(
    app: Flask, client: FlaskClient, valkey: Valkey, at: datetime
) -> None:
    from commons.jobs import waking

    mine = waking.bell()
    mine.went_away(ConnectionError("gone"))
    try:
        answer = client.get("/healthz")
    finally:
        mine._away_until = 0.0

    assert (answer.status_code, answer.json["redis"], answer.json["status"]) == (200, False, "late")


def test_the_health_page_says_what_to_do(app: Flask, client: FlaskClient, at: datetime) -> None:
    sign_in(client, make_staff(Role.ADMINISTRATOR, language="en"))

    page = client.get("/admin/health").text

    assert "flask tick" in page
    assert "flask worker publishing" in page


def test_the_health_page_is_for_administrators(app: Flask, client: FlaskClient, at: datetime) -> None:
    sign_in(client, make_staff(Role.EXECUTIVE))

    assert client.get("/admin/health").status_code == 404
    assert client.get("/healthz").status_code == 200
