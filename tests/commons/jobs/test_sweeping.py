from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from commons import clock, jobs
from commons.db import db
from commons.jobs import claiming, outbox, registry, sweeping
from commons.jobs.models import Job, JobState
from commons.jobs.performing import perform
from tests.commons.jobs import crew
from tests.commons.jobs.rows import row

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def noon() -> None:
    clock.set_to(NOON)


def batches() -> list[Job]:
    db.session.expire_all()
    return list(db.session.scalars(select(Job).where(Job.key.is_(None)).order_by(Job.id)))


def letter() -> Job:
    db.session.expire_all()
    return db.session.scalars(select(Job).where(Job.key.is_not(None))).one()


def sweep() -> bool:
    more = sweeping.sweep_due(registry.sweeps["crew.parcels"], clock.now())
    db.session.commit()
    return more


def claim_one(at: datetime) -> claiming.Claimed:
    (claimed,) = claiming.claim(at, at + LEASE, limit=1)
    db.session.commit()
    return claimed


def test_due_items_are_shared_out_in_batches(jobs_app: Flask) -> None:
    crew.add_parcels(range(1, 2001))
    assert sweep()
    assert len(batches()) == 10
    assert sorted(item for batch in batches() for item in batch.arguments["items"]) == list(range(1, 1001))


def test_few_items_are_shared_out_finely(jobs_app: Flask) -> None:
    crew.add_parcels(range(1, 17))
    assert not sweep()
    assert [len(batch.arguments["items"]) for batch in batches()] == [2] * 8


def test_the_tick_claims_no_more_while_workers_are_behind(jobs_app: Flask) -> None:
    crew.add_parcels([1])
    sweep()
    parcels = registry.sweeps["crew.parcels"]
    assert not sweeping.is_behind(parcels, NOON + timedelta(seconds=9))
    assert sweeping.is_behind(parcels, NOON + timedelta(seconds=11))
    jobs.drain(NOON)
    assert not sweeping.is_behind(parcels, NOON + timedelta(seconds=11))


def test_an_item_that_fails_gets_a_letter_and_the_others_go_on(jobs_app: Flask) -> None:
    crew.add_parcels([-1, 1, 2, 3])
    jobs.drain(NOON)
    assert crew.effects_of("parcel") == [1, 2, 3]
    assert (letter().key, letter().state, letter().tries) == ("crew.parcels -1", JobState.WAITING, 1)
    assert {batch.state for batch in batches()} == {JobState.DONE}


def test_a_letter_is_tried_again_and_dead_in_the_end(jobs_app: Flask) -> None:
    crew.add_parcels([-1])
    for hours in range(0, 60, 4):
        jobs.drain(NOON + timedelta(hours=hours))
    assert (letter().state, letter().tries) == (JobState.DEAD, 6)
    assert "no such address" in (letter().last_error or "")


def test_a_batch_leaves_an_item_with_an_open_letter_to_that(jobs_app: Flask) -> None:
    crew.add_parcels([-1])
    jobs.drain(NOON)
    db.session.execute(update(crew.parcels).values(state="due"))
    sweep()
    batch = claim_one(NOON)
    assert perform(batch)
    assert letter().tries == 1


def test_a_letter_that_is_done_begins_anew_when_the_item_fails_later(jobs_app: Flask) -> None:
    crew.add_parcels([-1])
    jobs.drain(NOON)
    db.session.execute(update(Job).where(Job.key.is_not(None)).values(state=JobState.DONE))
    db.session.execute(update(crew.parcels).values(state="due"))
    jobs.drain(NOON)
    assert (letter().state, letter().tries, letter().finished_at) == (JobState.WAITING, 1, None)


def test_who_has_lost_the_batch_can_settle_no_further_item(jobs_app: Flask) -> None:
    crew.add_parcels([1, 2, 3])
    db.session.execute(update(crew.parcels).values(state="going"))
    outbox.put("crew.parcels", "publishing", {"items": [1, 2, 3]})
    db.session.commit()
    old = claim_one(NOON)

    def lose_it_after_the_first() -> bool:
        if crew.effects_of("parcel") == [1] and row("crew.parcels").lease == old.lease:
            db.session.execute(update(Job).values(lease="somebody else"))
            db.session.commit()
        return True

    assert not perform(old, go_on=lose_it_after_the_first)
    assert crew.effects_of("parcel") == [1]


def test_a_batch_that_lost_its_worker_is_taken_apart(jobs_app: Flask) -> None:
    crew.add_parcels([1, 2, 3])
    sweep()
    for _ in range(3):
        claim_one(NOON)
    clock.set_to(NOON + LEASE * 2)
    assert claiming.free_lost(clock.now()) == 3
    assert perform(claim_one(clock.now()))
    assert db.session.scalar(select(func.count()).where(Job.key.is_not(None))) == 1
    jobs.drain(clock.now())
    assert crew.effects_of("parcel") == [1, 2, 3]


def test_a_batch_goes_on_where_it_was_given_back(jobs_app: Flask) -> None:
    crew.add_parcels([1, 2, 3])
    db.session.execute(update(crew.parcels).values(state="going"))
    outbox.put("crew.parcels", "publishing", {"items": [1, 2, 3]})
    db.session.commit()
    assert perform(claim_one(NOON), go_on=lambda: crew.effects_of("parcel") != [1])
    assert (row("crew.parcels").state, row("crew.parcels").progress) == (JobState.QUEUED, 1)
    jobs.drain(NOON)
    assert crew.effects_of("parcel") == [1, 2, 3]
