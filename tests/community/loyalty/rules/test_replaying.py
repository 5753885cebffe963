"""Whatever facts come, in whatever order: told again they change nothing, and a batch is as good as one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from commons import events
from commons.db import db
from commons.events import Event, Evidence
from community.loyalty import why
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.models import Currency, LedgerEntry
from community.loyalty.rules import earning
from community.loyalty.rules import versions as rules
from community.loyalty.rules.verdicts import Verdict
from community.members.models import Member
from tests.factories import NOON, make_fan

KINDS = ["interaction.comment", "circle.checked_in", "link.visited", "interaction.share", "group_buy.joined"]
numbers = count(1)


@dataclass(frozen=True)
class Happening:
    """What is told: a fact `seconds` after noon, and perhaps that a group buy was left again."""

    kind: str
    seconds: int
    evidence: Evidence
    undone: bool


happenings = st.lists(
    st.builds(
        Happening,
        kind=st.sampled_from(KINDS),
        seconds=st.integers(0, 3 * 86400) | st.integers(0, 90),
        evidence=st.sampled_from(list(Evidence)),
        undone=st.booleans(),
    ),
    max_size=25,
)
zones = st.sampled_from(["Asia/Shanghai", "America/New_York", "UTC"])
quick = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(member: Member, kind: str, seconds: int, evidence: Evidence, **payload: int) -> Event:
    at = NOON + timedelta(seconds=seconds)
    key = f"replay:{next(numbers)}"
    fact = Event(
        kind=kind, member_id=member.id, occurred_at=at, recorded_at=NOON, evidence=evidence, payload=payload, key=key
    )
    db.session.add(fact)
    db.session.flush()
    return fact


def written(member: Member, told: Sequence[Happening]) -> list[Event]:
    """The facts as rows, of which nobody has been told yet."""
    facts = []
    for one in told:
        fact = write(member, one.kind, one.seconds, one.evidence)
        facts.append(fact)
        if one.undone and one.kind == "group_buy.joined":
            facts.append(write(member, "group_buy.left", one.seconds + 1, one.evidence, joined_event_id=fact.id))
    return facts


def held(member: Member) -> tuple[int, int, int]:
    entries = db.session.scalar(select(func.count()).select_from(LedgerEntry)) or 0
    return balance(member, Currency.GROWTH), balance(member, Currency.POINTS), entries


@quick
@given(told=happenings, zone=zones, order=st.randoms(use_true_random=False))
@pytest.mark.slow
def test_facts_told_again_in_any_order_change_nothing(
    app: Flask, told: list[Happening], zone: str, order: Random
) -> None:
    fan = make_fan(zone=zone)
    facts = written(fan, told)
    for fact in facts:
        events.tell([fact])
    before = held(fan)

    again = facts * 2
    order.shuffle(again)
    for fact in again:
        events.tell([fact])
    earning.read(again)

    assert held(fan) == before
    assert reconcile() == []


@quick
@given(told=happenings, zone=zones)
@pytest.mark.slow
def test_a_batch_gives_what_one_by_one_gives(app: Flask, told: list[Happening], zone: str) -> None:
    alone, together = make_fan(zone=zone), make_fan("阿木", zone=zone)

    for fact in written(alone, told):
        earning.read([fact])
    earning.read(written(together, told))

    assert held(alone) == held(together)


@quick
@given(told=happenings, zone=zones)
def test_every_fact_is_explained_by_what_it_earned(app: Flask, told: list[Happening], zone: str) -> None:
    fan = make_fan(zone=zone)
    earning.read(written(fan, told))
    paying = {rule.event_kind: rules.current(rule, NOON) for rule in rules.all_rules()}

    for line in why.history(fan, size=100).lines:
        terms = paying.get(line.kind)
        if terms is not None:
            counted = line.reasons[0].verdict is Verdict.EARNED
            assert line.growth == (terms.growth if counted else 0)
            assert line.reasons[0].verdict is not Verdict.NOT_COUNTED
