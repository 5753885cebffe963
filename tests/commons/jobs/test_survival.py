"""What is killed in the middle of work comes back, all work is done, and nothing is done twice."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons import clock, jobs
from commons.db import db
from commons.jobs import waking
from commons.jobs.models import Job, JobState, TickLease
from tests.commons.jobs import crew
from tests.commons.jobs.conftest import Crew
from tests.servers.processes import await_true
from tests.servers.valkey import Valkey

pytestmark = pytest.mark.kill

WITHIN = 30


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    """A Valkey of the test's own, which it may kill."""
    server = Valkey().start()
    yield server
    server.stop()


def states() -> dict[JobState, int]:
    """How many rows of the crew there are in each state, seen from outside."""
    query = select(Job.state, func.count()).where(Job.name.like("crew.%")).group_by(Job.state)
    with db.engine.connect() as connection:
        rows = connection.execute(query)
        return {row[0]: row[1] for row in rows}


def seen(column: Any) -> set[Any]:
    """The values that a column has in the crew's rows, seen from outside: an open session would keep SQLite's lock."""
    with db.engine.connect() as connection:
        return set(connection.scalars(select(column).where(Job.name.like("crew.%"))))


def all_done(count: int) -> Callable[[], bool]:
    return lambda: states() == {JobState.DONE: count}


def send_notes(numbers: range) -> None:
    for number in numbers:
        jobs.send("crew.note", number=number)
    db.session.commit()


def a_held_job(folder: Path, number: int = 1) -> None:
    jobs.send("crew.hold", number=number, folder=str(folder))
    db.session.commit()


def begun(folder: Path, number: int = 1) -> list[int]:
    """The processes that have begun with the held job."""
    return [int(path.name.rpartition("-")[2]) for path in folder.glob(f"begun-{number}-*")]


def await_begun(folder: Path, times: int = 1) -> list[int]:
    await_true(lambda: len(begun(folder)) >= times, f"the held job is begun {times} times", within=WITHIN)
    return begun(folder)


def is_running(process_id: int) -> bool:
    """Whether the process is there and no zombie; it may end while it is looked at."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def holder() -> str | None:
    """The tick that is at work."""
    with db.engine.connect() as connection:
        row = connection.execute(select(TickLease.holder, TickLease.until)).one_or_none()
        return row.holder if row is not None and row.until >= datetime.now(UTC) else None


def await_holder(process: subprocess.Popen[bytes]) -> None:
    await_true(lambda: f":{process.pid}:" in (holder() or ""), "the tick is at work", within=WITHIN)


def await_workers(count: int, queue: str = "default") -> None:
    await_true(lambda: (waking.present() or {}).get(queue) == count, f"{count} workers are there", within=WITHIN)


def test_a_worker_killed_with_its_child_in_mid_job_is_replaced(the_crew: Crew, tmp_path: Path) -> None:
    the_crew.start("tick")
    worker = the_crew.start("worker", "default")
    a_held_job(tmp_path)
    (child,) = await_begun(tmp_path)
    the_crew.kill(worker)
    os.kill(child, signal.SIGKILL)
    send_notes(range(20))
    the_crew.start("worker", "default")
    await_begun(tmp_path, times=2)
    crew.gate(str(tmp_path), "open-1").touch()
    await_true(all_done(21), "all work is done", within=WITHIN)
    assert crew.effects_of("hold") == [1]
    assert crew.effects_of("note") == list(range(20))


def test_a_child_that_outlives_its_killed_worker_ends_its_work_once(the_crew: Crew, tmp_path: Path) -> None:
    the_crew.start("tick")
    worker = the_crew.start("worker", "default")
    a_held_job(tmp_path)
    (child,) = await_begun(tmp_path)
    the_crew.kill(worker)
    the_crew.start("worker", "default")
    send_notes(range(20))
    await_true(lambda: states().get(JobState.DONE) == 20, "the new worker does what is new", within=WITHIN)
    (lease,) = seen(Job.lease_until) - {None}
    await_true(lambda: datetime.now(UTC) > lease, "the first lease would have ended")
    crew.gate(str(tmp_path), "open-1").touch()
    await_true(all_done(21), "all work is done", within=WITHIN)
    assert begun(tmp_path) == [child]
    assert crew.effects_of("hold") == [1]


def test_a_child_that_stood_still_while_another_took_over_cannot_end_its_work(the_crew: Crew, tmp_path: Path) -> None:
    the_crew.start("tick")
    the_crew.start("worker", "default")
    a_held_job(tmp_path)
    (child,) = await_begun(tmp_path)
    os.kill(child, signal.SIGSTOP)
    the_crew.start("worker", "default")
    await_begun(tmp_path, times=2)
    crew.gate(str(tmp_path), "open-1").touch()
    await_true(all_done(1), "the other worker has done it", within=WITHIN)
    os.kill(child, signal.SIGCONT)
    await_true(lambda: not is_running(child), "the first child has ended")
    assert crew.effects_of("hold") == [1]
    assert "taken over" in the_crew.log("worker")


def test_after_an_idle_worker_was_killed_new_work_is_done(the_crew: Crew) -> None:
    the_crew.start("tick")
    worker = the_crew.start("worker", "default")
    send_notes(range(1))
    await_true(all_done(1), "the worker works", within=WITHIN)
    the_crew.kill(worker)
    send_notes(range(1, 30))
    the_crew.start("worker", "default")
    await_true(all_done(30), "all work is done", within=WITHIN)
    assert crew.effects_of("note") == list(range(30))


def test_a_wake_up_that_a_killed_worker_took_along_is_repeated(the_crew: Crew, valkey: Valkey, jobs_app: Flask) -> None:
    send_notes(range(3))
    with valkey.client() as redis:
        while redis.lmove("rq:queue:default", "rq:queue:default:intermediate"):
            pass
    the_crew.start("tick")
    the_crew.start("worker", "default")
    await_true(all_done(3), "all work is done", within=WITHIN)
    assert crew.effects_of("note") == list(range(3))


def test_a_killed_tick_is_followed_by_the_one_that_stood_by(the_crew: Crew) -> None:
    first = the_crew.start("tick")
    await_holder(first)
    second = the_crew.start("tick")
    the_crew.start("worker", "publishing")
    crew.add_parcels(range(1, 21))
    await_true(lambda: len(crew.effects_of("parcel")) == 20, "the first tick works", within=WITHIN)
    the_crew.kill(first)
    crew.add_parcels(range(21, 61))
    await_holder(second)
    await_true(lambda: len(crew.effects_of("parcel")) >= 60, "all parcels are delivered", within=WITHIN)
    assert crew.effects_of("parcel") == list(range(1, 61))


def test_a_tick_that_was_killed_alone_goes_on_when_it_is_started_again(the_crew: Crew) -> None:
    tick = the_crew.start("tick")
    await_holder(tick)
    the_crew.kill(tick)
    the_crew.start("worker", "publishing")
    crew.add_parcels(range(1, 41))
    await_holder(the_crew.start("tick"))
    await_true(lambda: len(crew.effects_of("parcel")) >= 40, "all parcels are delivered", within=WITHIN)
    assert crew.effects_of("parcel") == list(range(1, 41))


def test_a_tick_that_is_told_to_stop_hands_over_at_once(the_crew: Crew) -> None:
    first = the_crew.start("tick")
    await_holder(first)
    second = the_crew.start("tick")
    first.send_signal(signal.SIGTERM)
    assert first.wait(10) == 0
    await_true(lambda: holder() is None or f":{second.pid}:" in (holder() or ""), "the lease is free", within=2)
    await_holder(second)


def test_work_goes_on_when_valkey_was_killed_and_is_back(the_crew: Crew, valkey: Valkey, tmp_path: Path) -> None:
    tick = the_crew.start("tick")
    worker = the_crew.start("worker", "default")
    a_held_job(tmp_path)
    await_begun(tmp_path)
    send_notes(range(25))
    valkey.kill()
    send_notes(range(25, 50))
    crew.gate(str(tmp_path), "open-1").touch()
    await_true(lambda: crew.effects_of("hold") == [1], "what was begun is done without Valkey", within=WITHIN)
    valkey.start()
    await_true(all_done(51), "all work is done", within=WITHIN)
    assert crew.effects_of("note") == list(range(50))
    assert tick.poll() is None
    assert worker.poll() is None


def test_an_idle_worker_outlives_a_killed_valkey(the_crew: Crew, valkey: Valkey) -> None:
    the_crew.start("tick")
    worker = the_crew.start("worker", "default")
    await_workers(1)
    valkey.kill()
    send_notes(range(10))
    valkey.start()
    await_true(all_done(10), "all work is done", within=WITHIN)
    assert crew.effects_of("note") == list(range(10))
    assert worker.poll() is None


def test_a_worker_that_is_started_before_valkey_waits_for_it(the_crew: Crew, valkey: Valkey) -> None:
    valkey.kill()
    send_notes(range(5))
    the_crew.start("tick")
    worker = the_crew.start("worker", "default")
    await_true(lambda: "waits for it" in the_crew.log("worker"), "the worker says that it waits", within=WITHIN)
    valkey.start()
    await_true(all_done(5), "all work is done", within=WITHIN)
    assert worker.poll() is None


def test_emptying_redis_while_work_is_due_loses_nothing(the_crew: Crew, valkey: Valkey, tmp_path: Path) -> None:
    the_crew.start("tick")
    the_crew.start("worker", "default")
    a_held_job(tmp_path)
    await_begun(tmp_path)
    send_notes(range(200))
    crew.add_parcels(range(1, 201))
    await_true(lambda: states().get(JobState.QUEUED, 0) >= 200, "work is queued", within=WITHIN)
    with valkey.client() as redis:
        redis.flushall()
    the_crew.start("worker", "publishing")
    crew.gate(str(tmp_path), "open-1").touch()
    await_true(lambda: len(crew.effects_of("parcel")) >= 200, "all parcels are sent", within=WITHIN)
    await_true(lambda: set(states()) == {JobState.DONE}, "all work is done", within=WITHIN)
    with valkey.client() as redis:
        redis.flushall()
    send_notes(range(200, 220))
    await_true(lambda: len(crew.effects_of("note")) >= 220, "and goes on", within=WITHIN)
    assert crew.effects_of("note") == list(range(220))
    assert crew.effects_of("parcel") == list(range(1, 201))
    assert crew.effects_of("hold") == [1]


def test_two_ticks_and_two_workers_do_everything_once(the_crew: Crew) -> None:
    due = clock.now() + timedelta(seconds=2)
    for number in range(300):
        jobs.send("crew.note", due=due, number=number)
    db.session.commit()
    crew.add_parcels(range(1, 301), due)
    for _ in range(2):
        the_crew.start("tick")
        the_crew.start("worker", "default")
        the_crew.start("worker", "publishing")
    await_true(lambda: len(crew.effects_of("parcel")) >= 300, "all parcels are delivered", within=WITHIN)
    await_true(lambda: set(states()) == {JobState.DONE}, "all work is done", within=WITHIN)
    assert crew.effects_of("note") == list(range(300))
    assert crew.effects_of("parcel") == list(range(1, 301))


def test_a_worker_that_is_told_to_stop_ends_its_row_and_leaves_the_rest(the_crew: Crew, tmp_path: Path) -> None:
    the_crew.start("tick")
    for number in range(1, 4):
        jobs.send("crew.hold", number=number, folder=str(tmp_path))
    db.session.commit()
    worker = the_crew.start("worker", "default")
    await_true(lambda: list(tmp_path.glob("begun-*")), "a held job is begun", within=WITHIN)
    worker.send_signal(signal.SIGTERM)
    for number in range(1, 4):
        crew.gate(str(tmp_path), f"open-{number}").touch()
    assert worker.wait(10) == 0
    the_crew.start("worker", "default")
    await_true(all_done(3), "all work is done", within=WITHIN)
    assert crew.effects_of("hold") == [1, 2, 3]
    assert seen(Job.tries) == {1}
