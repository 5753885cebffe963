from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from commons import clock, jobs
from commons.db import db
from commons.events import Event
from commons.jobs import claiming, registry, waking
from commons.jobs.models import Job, JobState
from commons.jobs.ticking import Tick
from commons.permissions import Role
from tests.commons.jobs.rows import woken
from tests.factories import make_fan, make_staff, sign_in
from tests.servers.valkey import Valkey

ADDRESS = "/admin/jobs"


@pytest.fixture(autouse=True)
def no_parcels() -> None:
    """This application has no table for them."""
    del registry.sweeps["crew.parcels"]


@pytest.fixture
def page(client: FlaskClient, app: Flask) -> Iterator[FlaskClient]:
    """An administrator's browser, in English."""
    sign_in(client, make_staff(Role.ADMINISTRATOR, language="en"))
    return client


def a_dead_job(words: str = "RuntimeError: no such address") -> Job:
    jobs.send("crew.fail", due=clock.now() + timedelta(hours=1), number=1)
    db.session.execute(
        update(Job)
        .where(Job.name == "crew.fail", Job.state != JobState.DEAD)
        .values(state=JobState.DEAD, tries=3, last_error=words, finished_at=clock.now())
    )
    db.session.commit()
    return db.session.query(Job).filter_by(name="crew.fail").order_by(Job.id.desc()).first()


def test_only_those_who_manage_background_work_find_the_page(app: Flask, client: FlaskClient) -> None:
    assert client.get(ADDRESS).status_code == 303
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD))
    assert client.get(ADDRESS).status_code == 404
    fan = app.test_client()
    sign_in(fan, make_fan().user)
    assert [fan.get(ADDRESS).status_code, fan.post(f"{ADDRESS}/retry-dead").status_code] == [404, 404]


def test_an_empty_outbox_says_what_will_be_here(page: FlaskClient) -> None:
    assert "As soon as somebody schedules a post" in page.get(ADDRESS).text


def test_a_dead_row_shows_its_error_and_can_be_tried_again(page: FlaskClient, valkey: Valkey) -> None:
    dead = a_dead_job()
    shown = page.get(f"{ADDRESS}?state=dead").text
    assert "RuntimeError: no such address" in shown
    assert "3 of 3" in shown
    answer = page.post(f"{ADDRESS}/{dead.public_id}/retry?state=dead")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ADDRESS}?state=dead")
    assert (dead.state, dead.tries) == (JobState.QUEUED, 0)
    assert woken(valkey) == [[dead.id]]


def test_trying_again_twice_is_once(page: FlaskClient, valkey: Valkey) -> None:
    dead = a_dead_job()
    for _ in range(2):
        page.post(f"{ADDRESS}/{dead.public_id}/retry")
    assert woken(valkey) == [[dead.id]]
    assert db.session.query(Event).filter_by(kind="jobs.retried").count() == 1


def test_all_dead_rows_are_tried_again_at_once_and_the_act_is_written_down(page: FlaskClient, valkey: Valkey) -> None:
    dead = [a_dead_job(), a_dead_job(), a_dead_job()]
    assert "3 jobs were given up" in page.get(ADDRESS).text
    page.post(f"{ADDRESS}/retry-dead")
    assert {job.state for job in dead} == {JobState.QUEUED}
    act = db.session.query(Event).filter_by(kind="jobs.retried").one()
    assert act.payload == {"count": 3}
    assert act.actor_id is not None


def test_the_error_of_a_lost_worker_is_said_in_words(page: FlaskClient) -> None:
    a_dead_job(claiming.LOST)
    assert "The worker that did this was lost." in page.get(ADDRESS).text


def test_what_an_error_says_is_never_markup(page: FlaskClient) -> None:
    a_dead_job("RuntimeError: <script>alert(1)</script>")
    assert "<script>alert(1)" not in page.get(ADDRESS).text


def test_the_list_is_filtered_by_state_and_kind(page: FlaskClient) -> None:
    a_dead_job()
    jobs.send("crew.note", due=clock.now() + timedelta(days=1), number=1)
    assert "<code>crew.note</code>" in page.get(f"{ADDRESS}?state=waiting").text
    assert "<code>crew.fail</code>" not in page.get(f"{ADDRESS}?state=waiting").text
    assert "<code>crew.fail</code>" in page.get(f"{ADDRESS}?name=crew.fail").text
    assert "No work matches" in page.get(f"{ADDRESS}?state=running&name=crew.note").text
    assert page.get(f"{ADDRESS}?state=nonsense&name=nonsense").status_code == 200


def test_a_long_list_has_pages(page: FlaskClient) -> None:
    ids = [jobs.send("crew.note", due=clock.now() + timedelta(days=1), number=number) for number in range(120)]
    first = page.get(ADDRESS).text
    assert first.count("<code>crew.note</code>") == 50
    assert f"before={ids[70]}" in first
    assert 'rel="prev"' not in first
    second = page.get(f"{ADDRESS}?before={ids[70]}").text
    assert f"before={ids[20]}" in second
    assert f"after={ids[69]}" in second
    last = page.get(f"{ADDRESS}?before={ids[20]}").text
    assert last.count("<code>crew.note</code>") == 20
    assert 'rel="next"' not in last
    assert page.get(f"{ADDRESS}?after={ids[69]}").text.count("<code>crew.note</code>") == 50


def test_the_page_says_whether_tick_and_workers_are_there(page: FlaskClient, valkey: Valkey) -> None:
    before = page.get(f"{ADDRESS}/health").text
    assert "The tick is not running" in before
    assert "0 workers are there" in before
    Tick()._take(clock.now(), clock.now() + timedelta(seconds=6))
    with valkey.client() as redis:
        waking.announce(redis, "publishing", "one", clock.now())
    after = page.get(f"{ADDRESS}/health").text
    assert "The tick is not running" not in after
    assert "1 worker is there" in after


def test_late_work_shows(page: FlaskClient) -> None:
    jobs.send("crew.note", due=clock.now() - timedelta(minutes=10), number=1)
    assert "10 minutes" in page.get(f"{ADDRESS}/health").text


def test_the_timetable_lists_the_next_turns(page: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.periods, "crew.turn", 3600)
    assert "as soon as the tick runs" in page.get(ADDRESS).text
    jobs.drain(clock.now())
    assert "in 1 hour" in page.get(ADDRESS).text


def test_the_page_speaks_chinese_too(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_staff(Role.ADMINISTRATOR, language="zh_Hans"))
    assert client.get(ADDRESS).status_code == 200
