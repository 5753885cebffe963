from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask

from commons.jobs import waking
from commons.jobs.claiming import Queued
from tests.commons.jobs.rows import woken
from tests.servers.valkey import Valkey

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def rows(count: int) -> list[Queued]:
    return [Queued(number, "default", alone=False) for number in range(count)]


def test_a_burst_is_cut_so_that_several_workers_have_something_to_do(jobs_app: Flask, valkey: Valkey) -> None:
    waking.wake(rows(32))
    assert [len(ids) for ids in woken(valkey)] == [2] * 16


def test_a_large_burst_goes_in_large_batches(jobs_app: Flask, valkey: Valkey) -> None:
    waking.wake(rows(10_000))
    assert [len(ids) for ids in woken(valkey)] == [250] * 40


def test_a_row_that_may_take_its_worker_down_goes_alone(jobs_app: Flask, valkey: Valkey) -> None:
    waking.wake([*rows(40), Queued(99, "default", alone=True)])
    assert [99] in woken(valkey)


def test_the_line_is_as_long_as_nobody_has_listened(jobs_app: Flask, valkey: Valkey) -> None:
    assert waking.unheard("default") == 0
    waking.wake(rows(1))
    assert waking.unheard("default") == 1


def test_workers_are_present_until_they_leave(jobs_app: Flask, valkey: Valkey) -> None:
    with valkey.client() as redis:
        waking.announce(redis, "default", "one", NOON)
        waking.announce(redis, "default", "two", NOON)
        waking.announce(redis, "publishing", "three", NOON)
        assert waking.present() == {"default": 2, "publishing": 1}
        waking.leave(redis, "default", "two")
        assert waking.present() == {"default": 1, "publishing": 1}
        assert 0 < redis.ttl("quanzi:worker:default:one") <= waking.PRESENT_FOR


def test_while_redis_is_away_it_is_left_alone(jobs_app: Flask, valkey: Valkey) -> None:
    waking.bell().went_away(ConnectionError())
    assert not waking.wake(rows(1))
    assert waking.present() is None
    assert waking.unheard("default") is None
    assert woken(valkey) == []
