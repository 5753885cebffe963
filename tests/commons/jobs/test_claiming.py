from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from flask import Flask

from commons import clock, jobs
from commons.db import db
from commons.jobs import claiming
from commons.jobs.claiming import Claimed
from commons.jobs.models import Job, JobState
from tests.commons.jobs.rows import row

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def noon() -> None:
    clock.set_to(NOON)


def send(count: int = 1) -> None:
    for number in range(count):
        jobs.send("crew.note", number=number)
    db.session.commit()


def claim(at: datetime = NOON, limit: int = 100, ids: list[int] | None = None) -> list[Claimed]:
    rows = claiming.claim(at, at + LEASE, limit=limit, ids=ids)
    db.session.commit()
    return rows


def test_a_claimed_row_is_not_claimed_again(jobs_app: Flask) -> None:
    send(3)
    assert [len(claim(limit=2)), len(claim(limit=2)), len(claim(limit=2))] == [2, 1, 0]


def test_only_due_rows_of_the_list_are_claimed(jobs_app: Flask) -> None:
    send(2)
    later = jobs.send("crew.note", due=NOON + LEASE, number=3)
    ids = [row_id for (row_id,) in db.session.query(Job.id)]
    db.session.commit()
    assert later in ids
    assert {one.id for one in claim(ids=ids)} == set(ids) - {later}


def test_claims_at_the_same_moment_share_the_rows(jobs_app: Flask) -> None:
    send(200)
    taken: list[int] = []
    start = Barrier(4)

    def take() -> None:
        with jobs_app.app_context():
            start.wait()
            while rows := claim(limit=7):
                taken.extend(one.id for one in rows)

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 200


def test_the_row_ends_once_and_forgets_its_arguments(jobs_app: Flask) -> None:
    send()
    (mine,) = claim()
    assert [claiming.finish(mine, NOON), claiming.finish(mine, NOON)] == [True, False]
    db.session.commit()
    done = row("crew.note")
    assert (done.state, done.finished_at, done.lease, done.arguments) == (JobState.DONE, NOON, None, {})


def test_who_has_lost_the_lease_can_neither_end_nor_fail_the_row(jobs_app: Flask) -> None:
    send()
    (old,) = claim()
    late = NOON + LEASE + timedelta(seconds=1)
    assert claiming.free_lost(late) == 1
    (new,) = claim(late)
    assert not claiming.finish(old, late)
    assert not claiming.fail(old, "too late", late)
    assert not claiming.advance(old, 1, late)
    assert claiming.finish(new, late)


def test_a_renewed_lease_is_not_over(jobs_app: Flask) -> None:
    send()
    (mine,) = claim()
    claiming.renew(mine.lease, NOON + 3 * LEASE)
    assert claiming.free_lost(NOON + 2 * LEASE) == 0
    assert claiming.free_lost(NOON + 4 * LEASE) == 1


def test_a_failed_row_waits_longer_after_each_try_and_is_dead_after_the_last(jobs_app: Flask) -> None:
    send()
    at, pauses = NOON, []
    while rows := claim(at):
        claiming.fail(rows[0], "RuntimeError: no", at)
        db.session.commit()
        pauses.append((row("crew.note").due_at - at).total_seconds())
        at = max(at, row("crew.note").due_at)
    assert row("crew.note").state == JobState.DEAD
    assert row("crew.note").tries == 6
    assert row("crew.note").last_error == "RuntimeError: no"
    assert all(later > earlier for earlier, later in pairwise(pauses[:5]))


def test_a_row_that_loses_its_worker_at_every_try_is_dead_in_the_end(jobs_app: Flask) -> None:
    send()
    at = NOON
    while claim(at):
        at += LEASE + timedelta(seconds=1)
        claiming.free_lost(at)
        db.session.commit()
    assert (row("crew.note").state, row("crew.note").last_error) == (JobState.DEAD, claiming.LOST)
    assert row("crew.note").tries == 6


def test_a_row_that_took_its_worker_down_is_tried_alone(jobs_app: Flask) -> None:
    send(2)
    claim(limit=1)
    claiming.free_lost(NOON + 2 * LEASE)
    (alone,) = claiming.queue_due(NOON + 2 * LEASE, limit=10)
    assert alone.alone


def test_giving_back_costs_no_try(jobs_app: Flask) -> None:
    send()
    claiming.give_back(claim())
    db.session.commit()
    assert (row("crew.note").state, row("crew.note").tries) == (JobState.QUEUED, 0)


def test_dead_rows_come_back_with_all_their_tries(jobs_app: Flask) -> None:
    jobs.send("crew.fail", number=1)
    db.session.commit()
    at = NOON
    while rows := claim(at):
        claiming.fail(rows[0], "no", at)
        db.session.commit()
        at += timedelta(hours=5)
    assert row("crew.fail").state == JobState.DEAD
    assert [revived.id for revived in claiming.revive(at)] == [row("crew.fail").id]
    assert (row("crew.fail").state, row("crew.fail").tries, row("crew.fail").finished_at) == (JobState.QUEUED, 0, None)
    assert claiming.revive(at) == []
