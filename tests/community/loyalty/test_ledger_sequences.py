"""Whatever happens to a ledger, in whatever order: it balances, and it never falls below zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons.accounts.models import User
from commons.errors import Invalid
from community.loyalty import ledger
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.ledger import NotEnough
from community.loyalty.levels import keeping
from community.loyalty.levels.climbing import levels, rungs_of
from community.loyalty.levels.ladder import fitting
from community.loyalty.levels.standing import standing
from community.loyalty.models import Currency, LedgerEntry
from community.members.models import Member
from tests.community.loyalty.factories import by_growth_alone
from tests.factories import NOON, make_fan, make_staff

numbers = count(1)
amounts = st.integers(1, 400)
days = st.integers(0, 12)
currencies = st.sampled_from(list(Currency))


@dataclass(frozen=True)
class Step:
    """One thing that happens: `what` to `currency`, with numbers that mean what the verb makes of them."""

    what: str
    currency: Currency
    amount: int
    day: int
    lasts: int | None
    which: int
    twice: bool


steps = st.builds(
    Step,
    what=st.sampled_from(["earn", "earn", "spend", "more", "less", "reverse", "reverse", "expire"]),
    currency=currencies,
    amount=amounts,
    day=days,
    lasts=st.none() | st.integers(1, 8),
    which=st.integers(0, 30),
    twice=st.booleans(),
)


def take(step: Step, member: Member, by: User, done: list[LedgerEntry], key: str) -> LedgerEntry | None:
    at = NOON + timedelta(days=step.day)
    if step.what == "earn":
        lasts = step.lasts if step.currency is Currency.POINTS else None
        expires = at + timedelta(days=lasts) if lasts else None
        return ledger.earn(member, step.currency, step.amount, key=key, at=at, expires_at=expires)
    if step.what == "spend":
        return ledger.spend(member, step.amount, key=key, at=at)
    if step.what in {"more", "less"}:
        signed = step.amount if step.what == "more" else -step.amount
        return ledger.adjust(member, step.currency, signed, key=key, by=by, at=at, note="测试")
    if step.what == "reverse" and done:
        return ledger.reverse(done[step.which % len(done)], at=at)
    ledger.expire_due(at)
    return None


def play(sequence: Sequence[Step], member: Member, by: User) -> list[LedgerEntry]:
    """Take all steps; each refused one leaves everything as it was. A step taken twice gives the same entry."""
    done: list[LedgerEntry] = []
    for step in sequence:
        key = f"step:{next(numbers)}"
        try:
            entry = take(step, member, by, done, key)
            if step.twice:
                held = {currency: balance(member, currency) for currency in Currency}
                assert take(step, member, by, done, key) is entry
                assert held == {currency: balance(member, currency) for currency in Currency}
        except (NotEnough, Invalid):
            continue
        if entry is not None and entry not in done:
            done.append(entry)
    return done


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(steps, max_size=30))
@pytest.mark.slow
def test_every_sequence_reconciles_to_zero_and_stays_above_it(app: Flask, sequence: list[Step]) -> None:
    member, by = make_fan(), make_staff()

    play(sequence, member, by)

    assert reconcile() == []
    assert min(balance(member, currency) for currency in Currency) >= 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(steps, max_size=25))
@pytest.mark.slow
def test_the_level_is_never_below_the_one_that_growth_reaches(app: Flask, sequence: list[Step]) -> None:
    by_growth_alone()
    member, by = make_fan(), make_staff()

    play(sequence, member, by)
    keeping.look_at([member.id], NOON + timedelta(days=300))

    stands = standing(member)
    assert stands.level.rank >= fitting(rungs_of(levels()), stands.counted.growth)
    assert stands.growth == balance(member, Currency.GROWTH)
    assert stands.counted.growth == max(0, stands.growth)
