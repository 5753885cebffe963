"""Merging beside a notebook: who did what under which name. Whatever is joined, merged, split and spent, both say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.events import Event
from community.channels.models import ChannelAccount
from community.loyalty import ledger, why
from community.loyalty.books.reconciling import reconcile
from community.loyalty.ledger import NotEnough
from community.members.merging import finding, joining
from community.members.merging.models import Merge, Proof
from community.members.models import Handle, Member
from tests.community.loyalty.factories import happen
from tests.community.members.merging.factories import REASON, has, make_clerk, merge, split, stranger_says, weibo
from tests.factories import NOON, make_fan

PAID = 10
"""What joining a group buy brings of growth and points; the cap of three a day is never reached, as each step is a day on."""


@dataclass(frozen=True)
class Step:
    what: str
    who: int
    whom: int
    amount: int


steps = st.builds(
    Step,
    what=st.sampled_from(["do"] * 4 + ["say"] * 3 + ["spend"] * 2 + ["merge"] * 3 + ["split"] * 2 + ["join", "leave"]),
    who=st.integers(0, 2),
    whom=st.integers(0, 2),
    amount=st.integers(1, 15),
)


@dataclass
class World:
    """Three members, and a handle for each that is nobody's at first; `facts` is the notebook: fact id → member or handle."""

    clerk: User
    account: ChannelAccount
    fans: list[Member]
    handles: list[Handle]
    now: datetime = NOON
    done: dict[int, Member] = field(default_factory=dict)
    said: dict[int, Handle] = field(default_factory=dict)
    owner: dict[int, Member | None] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    spent: int = 0
    numbers: int = 0

    def take(self, step: Step) -> None:
        self.now += timedelta(days=1)
        getattr(self, f"_{step.what}")(step)

    def _do(self, step: Step) -> None:
        """A fact under the name of one self; while that one is merged, of whom he was merged into, who stays its doer."""
        fact = happen("group_buy.joined", finding.self_of(self.fans[step.who]), self.now)
        self.done[fact.id] = finding.self_of(self.fans[step.who])

    def _say(self, step: Step) -> None:
        self.numbers += 1
        name = f"名{step.who}"
        stranger_says(self.account, f"w{self.numbers}", name=name, at=self.now)
        key = f"interaction:{self.account.id}:w{self.numbers}"
        fact_id = db.session.scalars(select(Event.id).where(Event.key == key)).one()
        self.said[fact_id] = self.handles[step.who]

    def _spend(self, step: Step) -> None:
        self.numbers += 1
        fan = finding.self_of(self.fans[step.who])
        before = has(fan)[0][1]
        try:
            ledger.spend(fan, step.amount, key=f"spend:{self.numbers}:{fan.id}:{id(self)}", at=self.now)
        except NotEnough:
            assert before < step.amount
        else:
            self.spent += step.amount

    def _merge(self, step: Step) -> None:
        kept, other = finding.self_of(self.fans[step.who]), finding.self_of(self.fans[step.whom])
        if kept is not other:
            self.merges.append(merge(kept, other, self.clerk, self.now))

    def _split(self, step: Step) -> None:
        if self.merges:
            split(self.merges.pop(step.amount % len(self.merges)), self.clerk, self.now)

    def _join(self, step: Step) -> None:
        handle, fan = self.handles[step.who], finding.self_of(self.fans[step.whom])
        if self.owner.get(handle.id) is None:
            joining.join_handle(
                handle, fan, by=self.clerk, at=self.now, proof=Proof.STAFF, reason=REASON
            )  # fmt: skip
            self.owner[handle.id] = fan

    def _leave(self, step: Step) -> None:
        """Only a handle that was joined, and is not a member of its own yet."""
        handle = self.handles[step.who]
        if self.owner.get(handle.id) is not None:
            self.owner[handle.id] = joining.split_handle(handle, by=self.clerk, at=self.now, reason=REASON)

    def agree(self) -> None:
        """Every fact is with whom the notebook names, and growth is ten for each fact done, five for each said and joined."""
        expected: dict[int, int] = {}
        for fact_id, doer in self.done.items():
            holder = finding.self_of(doer)
            assert db.session.get_one(Event, fact_id, populate_existing=True).member_id == holder.id
            expected[holder.id] = expected.get(holder.id, 0) + PAID
        for fact_id, handle in self.said.items():
            owner = self.owner.get(handle.id)
            holder_id = finding.self_of(owner).id if owner is not None else None
            assert db.session.get_one(Event, fact_id, populate_existing=True).member_id == holder_id
            if holder_id is not None:
                expected[holder_id] = expected.get(holder_id, 0) + 5
        everybody = [*self.fans, *(one for one in self.owner.values() if one is not None and one not in self.fans)]
        growth = {member.id: own for member, (own, _points) in zip(everybody, has(*everybody), strict=True)}
        assert {member_id: own for member_id, own in growth.items() if own} == expected
        assert sum(points for _growth, points in has(*dict.fromkeys(everybody))) == sum(expected.values()) - self.spent
        for member in everybody:
            lines = why.history(member, size=500).lines
            assert (sum(line.growth for line in lines), sum(line.points for line in lines)) == has(member)[0]


def a_world() -> World:
    account = weibo()
    moments = [NOON + timedelta(minutes=number) for number in range(3)]  # a rule pays for one word in twenty seconds
    handles = [stranger_says(account, f"first{n}", name=f"名{n}", at=moment) for n, moment in enumerate(moments)]
    world = World(make_clerk(), account, [make_fan(f"粉丝{number}") for number in range(3)], handles)
    for number in range(3):
        key = f"interaction:{account.id}:first{number}"
        world.said[db.session.scalars(select(Event.id).where(Event.key == key)).one()] = handles[number]
    return world


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sequence=st.lists(steps, max_size=14))
@pytest.mark.slow
def test_no_fact_and_no_point_is_lost_whatever_is_joined_and_parted(app: Flask, sequence: Sequence[Step]) -> None:
    with db.session.begin_nested() as kept:
        world = a_world()
        for step in sequence:
            world.take(step)
            world.agree()
        assert reconcile() == []
        kept.rollback()
    db.session.expunge_all()  # SQLite gives the numbers of what was rolled back to the next world
