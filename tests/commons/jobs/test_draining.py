from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask

from commons import clock, jobs
from commons.db import db
from commons.jobs import registry
from commons.jobs.models import JobState
from tests.commons.jobs import crew
from tests.commons.jobs.rows import row, woken
from tests.servers.valkey import Valkey

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_everything_due_is_done_once_and_the_rest_is_left(jobs_app: Flask) -> None:
    clock.set_to(NOON)
    for number in range(150):
        jobs.send("crew.note", due=NOON + timedelta(seconds=number), number=number)
    assert jobs.drain(NOON + timedelta(seconds=99)) == 100
    assert jobs.drain(NOON + timedelta(seconds=99)) == 0
    assert crew.effects_of("note") == list(range(100))


def test_what_follows_from_the_work_is_done_too(jobs_app: Flask, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def chain(number: int) -> None:
        crew.leave_effect("chain", number)
        if number:
            jobs.send("crew.chain", number=number - 1)

    monkeypatch.setitem(registry.jobs, "crew.chain", registry.Known("crew.chain", chain, "default", 6))
    jobs.send("crew.chain", number=3)
    assert jobs.drain(clock.now()) == 4
    assert crew.effects_of("chain") == [0, 1, 2, 3]


def test_the_clock_stands_at_the_given_moment_meanwhile(jobs_app: Flask) -> None:
    clock.set_to(NOON)
    jobs.send("crew.note", number=1)
    clock.set_to(None)
    jobs.drain(NOON)
    assert row("crew.note").finished_at == NOON
    assert clock.now() > NOON


def test_nobody_else_is_woken(jobs_app: Flask, valkey: Valkey) -> None:
    jobs.send("crew.note", number=1)
    jobs.drain(clock.now())
    assert woken(valkey) == []
    jobs.send("crew.note", number=2)
    db.session.commit()
    assert len(woken(valkey)) == 1


def test_a_failure_undoes_its_effects_and_is_not_tried_again_at_the_same_moment(jobs_app: Flask) -> None:
    jobs.send("crew.fail", number=1)
    jobs.send("crew.note", number=2)
    assert jobs.drain(clock.now()) == 1
    assert crew.effects_of("fail") == []
    assert (row("crew.fail").state, row("crew.fail").tries) == (JobState.WAITING, 1)
    assert "RuntimeError: it broke" in (row("crew.fail").last_error or "")


def test_objects_that_the_caller_holds_stay_usable(jobs_app: Flask) -> None:
    jobs.send("crew.note", number=1)
    db.session.commit()
    mine = row("crew.note")
    jobs.drain(clock.now())
    assert mine.state == JobState.DONE
