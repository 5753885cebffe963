from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from flask import Flask
from sqlalchemy import select

from commons import jobs
from commons.db import db
from commons.jobs import registry, working
from commons.jobs.models import Job, JobState
from commons.jobs.working import work_through
from tests.commons.jobs import crew
from tests.commons.jobs.rows import row, woken
from tests.servers.processes import await_true
from tests.servers.valkey import Valkey

Register = Callable[[Callable[..., object]], None]


@pytest.fixture(autouse=True)
def never_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working.Stop, "told", False)


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    """Registers a function as the job `crew.special`."""
    return lambda function: monkeypatch.setitem(
        registry.jobs, "crew.special", registry.Known("crew.special", function, "default", 3)
    )


def send_notes(count: int) -> list[int]:
    ids = [jobs.send("crew.note", number=number) or 0 for number in range(count)]
    db.session.commit()
    return ids


def test_a_list_longer_than_a_chunk_is_worked_through(jobs_app: Flask) -> None:
    work_through("default", send_notes(120))
    assert crew.effects_of("note") == list(range(120))


def test_a_list_that_comes_twice_is_done_once(jobs_app: Flask) -> None:
    ids = send_notes(10)
    work_through("default", ids)
    work_through("default", ids)
    assert crew.effects_of("note") == list(range(10))


def test_a_failing_row_takes_no_other_with_it(jobs_app: Flask) -> None:
    ids = send_notes(3)
    ids.insert(1, jobs.send("crew.fail", number=9) or 0)
    db.session.commit()
    work_through("default", ids)
    assert crew.effects_of("note") == [0, 1, 2]
    assert crew.effects_of("fail") == []
    assert row("crew.fail").state == JobState.WAITING


def test_a_job_of_a_name_that_this_worker_does_not_know_waits_for_one_that_does(
    jobs_app: Flask, register: Register
) -> None:
    register(print)
    sent = jobs.send("crew.special")
    db.session.commit()
    del registry.jobs["crew.special"]
    work_through("default", [sent or 0])
    assert row("crew.special").state == JobState.WAITING
    assert "no job is registered as 'crew.special'" in (row("crew.special").last_error or "")


def test_told_to_stop_a_worker_ends_its_row_and_others_are_woken_for_the_rest(
    jobs_app: Flask, register: Register, valkey: Valkey
) -> None:
    def be_told() -> None:
        crew.leave_effect("special", 1)
        working.Stop.told = True

    register(be_told)
    first = jobs.send("crew.special") or 0
    rest = send_notes(60)
    with valkey.client() as redis:
        redis.flushall()
    work_through("default", [first, *rest])
    assert crew.effects_of("special") == [1]
    assert crew.effects_of("note") == []
    assert sorted(one for ids in woken(valkey) for one in ids) == rest
    assert set(db.session.scalars(select(Job.tries).where(Job.name == "crew.note"))) == {0}


def test_a_call_that_takes_too_long_is_ended(
    jobs_app: Flask, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "CALL_LIMIT", 1)
    register(lambda: time.sleep(20))
    sent = jobs.send("crew.special") or 0
    db.session.commit()
    work_through("default", [sent])
    assert row("crew.special").state == JobState.WAITING
    assert "JobTimeoutException" in (row("crew.special").last_error or "")


def test_the_lease_is_renewed_while_a_row_takes_long(
    jobs_app: Flask, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "_limit", nullcontext)

    def lease_until() -> object:
        with db.engine.connect() as connection:
            return connection.scalar(select(Job.lease_until).where(Job.name == "crew.special"))

    def wait_for_renewal() -> None:
        first = lease_until()
        await_true(lambda: lease_until() != first, "the lease is renewed", every=0.1)
        crew.leave_effect("special", 1)

    register(wait_for_renewal)
    sent = jobs.send("crew.special") or 0
    db.session.commit()
    work_through("default", [sent])
    assert crew.effects_of("special") == [1]
