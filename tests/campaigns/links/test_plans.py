"""What a process keeps of links for a moment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from campaigns.links.plans import Key, Plan, Plans
from tests.servers.processes import await_true

PLAN = Plan(1, "public", "tea", "https://example.org", (), 1, None, is_guarded=False, has_card=False, tells_click=False)


class Database:
    def __init__(self) -> None:
        self.plan: Plan | None = PLAN
        self.asked = 0
        self.away = False

    def load(self, key: Key) -> Plan | None:
        self.asked += 1
        if self.away:
            raise OperationalError("select", None, Exception("the database is away"))
        return self.plan


def test_a_link_is_read_once_and_again_when_the_moment_is_over() -> None:
    database = Database()
    plans = Plans(database.load, kept_for=0.2)
    assert plans.get((None, "tea")) is plans.get((None, "tea")) is PLAN
    assert database.asked == 1
    database.plan = replace(PLAN, address="https://elsewhere.example")
    await_true(lambda: plans.get((None, "tea")) == database.plan, "the new target", within=2)


def test_a_link_that_ended_is_gone_when_the_moment_is_over() -> None:
    database = Database()
    plans = Plans(database.load, kept_for=0.1)
    assert plans.get((None, "tea")) is PLAN
    database.plan = None
    await_true(lambda: plans.get((None, "tea")) is None, "its end", within=2)


def test_a_link_leads_on_while_the_database_is_away_and_changes_when_it_is_back() -> None:
    database = Database()
    plans = Plans(database.load, kept_for=0.0)
    assert plans.get((None, "tea")) is PLAN
    database.away, database.plan = True, None
    assert plans.get((None, "tea")) is PLAN
    with pytest.raises(OperationalError):
        plans.get((None, "never seen"))
    database.away = False
    assert plans.get((None, "tea")) is None


def test_what_is_no_link_is_asked_anew_each_time() -> None:
    database = Database()
    database.plan = None
    plans = Plans(database.load, kept_for=60)
    assert plans.get((None, "tea")) is None
    database.plan = PLAN
    assert plans.get((None, "tea")) is PLAN


def test_the_same_ending_on_two_domains_is_two_links() -> None:
    plans = Plans(lambda key: replace(PLAN, link_id=key[0] or 0), kept_for=60)
    assert [plans.get((domain, "tea")).link_id for domain in (None, 5)] == [0, 5]  # type: ignore[union-attr]
