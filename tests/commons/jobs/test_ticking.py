from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from commons import clock, jobs
from commons.db import db
from commons.jobs import claiming, registry, ticking, waking
from commons.jobs.models import Job, JobState
from commons.jobs.ticking import Tick
from tests.commons.jobs import crew
from tests.commons.jobs.rows import row, woken
from tests.servers.valkey import Valkey

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def noon() -> None:
    clock.set_to(NOON)


def turn(tick: Tick, at: datetime) -> bool:
    clock.set_to(at)
    return tick.turn(at)


def test_one_tick_works_and_the_other_takes_over_when_the_lease_ends(jobs_app: Flask) -> None:
    first, second = Tick(), Tick()
    assert turn(first, NOON)
    assert [turn(second, NOON + SECOND * seconds) for seconds in (1, 5, 7)] == [False, False, True]
    assert not turn(first, NOON + SECOND * 8)


def test_a_tick_at_work_keeps_the_lease(jobs_app: Flask) -> None:
    first, second = Tick(), Tick()
    for seconds in range(20):
        assert turn(first, NOON + SECOND * seconds)
        assert not turn(second, NOON + SECOND * seconds)


def test_a_clock_that_is_set_back_leaves_the_lease_with_a_tick_at_work_and_lets_another_take_over(
    jobs_app: Flask,
) -> None:
    first, second = Tick(), Tick()
    assert turn(first, NOON + timedelta(days=2))
    assert turn(first, NOON)
    assert not turn(second, NOON + SECOND)
    assert turn(first, NOON + timedelta(days=2))
    assert turn(second, NOON + SECOND * 2)


def test_what_comes_due_is_queued_and_workers_are_woken(jobs_app: Flask, valkey: Valkey) -> None:
    sent = jobs.send("crew.note", due=NOON + SECOND, number=1)
    db.session.commit()
    tick = Tick()
    turn(tick, NOON)
    assert woken(valkey) == []
    turn(tick, NOON + SECOND)
    turn(tick, NOON + SECOND * 2)
    assert woken(valkey) == [[sent]]
    assert row("crew.note").state == JobState.QUEUED


def test_an_emptied_redis_is_noticed_within_seconds(jobs_app: Flask, valkey: Valkey) -> None:
    sent = [jobs.send("crew.note", number=number) for number in range(3)]
    db.session.commit()
    with valkey.client() as redis:
        redis.flushall()
    tick = Tick()
    turn(tick, NOON + SECOND)
    assert woken(valkey) == []
    turn(tick, NOON + SECOND * 3)
    assert sorted(one for ids in woken(valkey) for one in ids) == sent


def test_while_workers_have_enough_to_do_nobody_is_told_twice(jobs_app: Flask, valkey: Valkey) -> None:
    jobs.send("crew.note", number=1)
    db.session.commit()
    tick = Tick()
    for seconds in range(0, 299, 10):
        turn(tick, NOON + SECOND * seconds)
    assert len(woken(valkey)) == 1
    turn(tick, NOON + SECOND * 301)
    assert len(woken(valkey)) == 2


def test_lost_work_is_queued_again(jobs_app: Flask, valkey: Valkey) -> None:
    sent = jobs.send("crew.note", number=1)
    db.session.commit()
    claiming.claim(NOON, NOON + SECOND * 30, limit=1)
    db.session.commit()
    with valkey.client() as redis:
        redis.flushall()
    turn(Tick(), NOON + SECOND * 31)
    assert woken(valkey) == [[sent]]


def test_a_sweep_that_breaks_does_not_keep_the_others_from_their_turn(
    jobs_app: Flask, monkeypatch: pytest.MonkeyPatch, valkey: Valkey
) -> None:
    def broken(at: datetime, limit: int) -> list[int]:
        raise RuntimeError("broken sweep")

    first = {"crew.broken": registry.Sweep("crew.broken", "default", broken, print)}
    monkeypatch.setattr(registry, "sweeps", first | registry.sweeps)
    crew.add_parcels([1])
    jobs.send("crew.note", due=NOON + SECOND, number=1)
    db.session.commit()
    turn(Tick(), NOON + SECOND)
    assert len(woken(valkey)) == 1
    assert len(woken(valkey, "publishing")) == 1


def test_while_redis_is_away_items_stay_in_the_domain(jobs_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    crew.add_parcels([1])
    waking.bell().went_away(ConnectionError())
    turn(Tick(), NOON)
    assert db.session.query(Job).count() == 0


def test_a_tick_that_cannot_work_waits_longer_each_time() -> None:
    assert [Tick._pause(failures) for failures in (1, 2, 3, 9)] == [1, 2, 4, ticking.LONGEST_PAUSE]
    assert 0 < Tick._pause(0) <= 1
