"""The ledger beside purses full of coins: whatever two selves of a person do, merge and part, both say the same after every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from commons.db import db
from community.loyalty import accounts, ledger, pending
from community.loyalty.books.reconciling import reconcile
from community.loyalty.ledger import NotEnough
from community.loyalty.models import Currency, LedgerEntry, Lot
from community.members.models import Member
from tests.community.loyalty.purse import NEVER, Bag, Payment, Purse
from tests.factories import NOON, make_fan

keys = count(1)


@dataclass(frozen=True)
class Step:
    """One thing that happens to one of the two, so many days after the step before."""

    what: str
    who: int
    amount: int
    days: int
    lasts: int | None
    waits: int | None
    which: int
    may_owe: bool


steps = st.builds(
    Step,
    what=st.sampled_from(["earn"] * 4 + ["spend"] * 3 + ["undo"] * 3 + ["prove", "pass", "merge", "part"]),
    who=st.integers(0, 1),
    amount=st.integers(1, 12),
    days=st.integers(0, 3),
    lasts=st.none() | st.integers(1, 9),
    waits=st.none() | st.integers(1, 6),
    which=st.integers(0, 30),
    may_owe=st.booleans(),
)


@dataclass
class World:
    """The two selves in the ledger and as purses, and what they did so far."""

    members: tuple[Member, Member]
    purses: tuple[Purse, Purse]
    now: datetime = NOON
    earned: list[tuple[LedgerEntry, Bag]] = field(default_factory=list)
    spent: list[tuple[LedgerEntry, Payment]] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)
    merge: str = ""

    def take(self, step: Step) -> None:
        self.now += timedelta(days=step.days)
        getattr(self, f"_{step.what}")(step)

    def _earn(self, step: Step) -> None:
        expires = self.now + timedelta(days=step.lasts) if step.lasts else None
        opens = self.now + timedelta(days=step.waits) if step.waits else None
        entry = ledger.earn(
            self.members[step.who], Currency.POINTS, step.amount, key=f"purse:{next(keys)}", at=self.now,
            expires_at=expires, available_at=opens,
        )  # fmt: skip
        self.earned.append((entry, self.purses[step.who].earn(step.amount, expires, opens)))

    def _spend(self, step: Step) -> None:
        payment = self.purses[step.who].spend(step.amount, self.now, step.may_owe)
        try:
            entry = ledger.spend(
                self.members[step.who], step.amount, key=f"purse:{next(keys)}", at=self.now, allow_negative=step.may_owe
            )
        except NotEnough:
            assert payment is None
        else:
            assert payment is not None
            self.spent.append((entry, payment))

    def _undo(self, step: Step) -> None:
        done: list[tuple[LedgerEntry, Bag | Payment]] = [*self.earned, *self.spent]
        if not done:
            return
        entry, thing = done[step.which % len(done)]
        undone = ledger.reverse(entry, at=self.now, allow_negative=step.may_owe)
        if entry.id in self.undone:
            return
        self.undone.add(entry.id)
        if isinstance(thing, Payment):
            thing.holder.give_back(thing)
        else:
            missing = thing.home.take_back(thing, entry.amount, self.now, step.may_owe)
            assert undone.shortfall == missing

    def _prove(self, step: Step) -> None:
        if self.earned:
            entry, bag = self.earned[step.which % len(self.earned)]
            assert pending.prove(entry, at=self.now) == (bag.opens is not None)
            if bag.opens is not None:
                bag.home.prove(bag)

    def _pass(self, _step: Step) -> None:
        pending.open_due(self.now)
        ledger.expire_due(self.now)
        for purse in self.purses:
            purse.live_until(self.now)

    def _merge(self, _step: Step) -> None:
        gone, stays = self.members
        if not self.merge:
            self.merge = f"merge:{next(keys)}"
            self.purses[0].live_until(self.now)
            self.purses[0].go_to(self.purses[1])
        ledger.transfer_all(gone.id, stays.id, key=self.merge, at=self.now)

    def _part(self, _step: Step) -> None:
        if self.merge:
            ledger.transfer_back(self.merge, at=self.now)
            self.merge = ""
            self.purses[1].live_until(self.now)
            self.purses[1].go_to(self.purses[0], born=self.purses[0])

    def agree(self) -> None:
        for member, purse in zip(self.members, self.purses, strict=True):
            account = accounts.lock_one(member.id, Currency.POINTS)
            owed = sum(debt.left for debt in purse.debts)
            assert (account.balance, account.pending, account.owed) == (purse.balance, purse.pending, owed)
            lots = select(Lot).where(Lot.account_id == account.id, Lot.remaining > 0)
            kept = sorted((lot.expires_at or NEVER, lot.remaining, lot.is_pending) for lot in db.session.scalars(lots))
            bags = {(bag, purse.coins.count(bag)) for bag in purse.coins}
            assert kept == sorted((bag.expires, coins, bag.opens is not None) for bag, coins in bags)


def a_world() -> World:
    numbers = count(1)
    return World((make_fan("小满"), make_fan("小满在微博")), (Purse(numbers), Purse(numbers)))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(steps, max_size=25))
@pytest.mark.slow
def test_the_ledger_says_what_the_purses_say(app: Flask, sequence: Sequence[Step]) -> None:
    world = a_world()

    for step in sequence:
        world.take(step)
        world.agree()

    assert reconcile() == []
