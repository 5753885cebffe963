from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from commons import clock, jobs
from commons.db import db
from commons.jobs import registry, timetable
from tests.commons.jobs import crew

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = 3600


@pytest.fixture(autouse=True)
def hourly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.periods, "crew.turn", HOUR)


def turns_until(hours: float) -> int:
    jobs.drain(NOON + timedelta(hours=hours))
    return len(crew.effects_of("turn"))


def test_a_turn_is_taken_once_in_every_period(jobs_app: Flask) -> None:
    assert [turns_until(hours) for hours in (0, 0.5, 0.99, 1, 1.5, 2)] == [1, 1, 1, 2, 2, 3]


def test_turns_that_were_slept_through_are_not_made_up_for_and_the_rhythm_stays(jobs_app: Flask) -> None:
    assert [turns_until(hours) for hours in (0, 5.5, 5.9, 6)] == [1, 2, 2, 3]


def test_a_clock_that_is_set_back_keeps_no_turn_waiting(jobs_app: Flask) -> None:
    assert [turns_until(hours) for hours in (0, 48, 1.5, 1.9, 2, 2.5, 3)] == [1, 2, 3, 3, 4, 4, 5]


def test_many_ticks_at_once_send_a_turn_once(jobs_app: Flask) -> None:
    clock.set_to(NOON)
    start, sent = Barrier(4), []

    def look() -> None:
        with jobs_app.app_context():
            start.wait()
            sent.append(timetable.send_due(NOON))
            db.session.commit()

    threads = [Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [0, 0, 0, 1]


def test_the_next_turn_is_after_the_moment() -> None:
    assert timetable.next_turn(NOON, HOUR, NOON) == NOON + timedelta(hours=1)
    assert timetable.next_turn(NOON, HOUR, NOON + timedelta(minutes=150)) == NOON + timedelta(hours=3)
