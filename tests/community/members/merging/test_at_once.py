"""Merging while the other self earns and spends, from several sides at once: a clear answer, and the ledger balances."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict
from commons.events import Event
from community.loyalty import ledger
from community.loyalty.books.reconciling import reconcile
from community.loyalty.ledger import NotEnough
from community.loyalty.models import Currency
from community.members.merging import gathering, selves
from community.members.merging.models import Merge, Proof
from community.members.models import Member
from tests.at_once import at_once
from tests.community.loyalty.factories import comment
from tests.community.members.merging.factories import REASON, has, make_clerk
from tests.factories import NOON, make_fan

POINTS = Currency.POINTS


def committed(*names: str) -> tuple[int, list[int]]:
    """A member of staff who may merge, and fans, by id."""
    clerk, fans = make_clerk(), [make_fan(name).id for name in names]
    clerk_id = clerk.id
    db.session.commit()
    return clerk_id, fans


def member(member_id: int) -> Member:
    return db.session.get_one(Member, member_id, populate_existing=True)


def merging(clerk_id: int, kept_id: int, other_id: int) -> Callable[[], object]:
    def work() -> object:
        by = db.session.get_one(User, clerk_id)
        return selves.merge(
            member(kept_id), member(other_id), by=by, at=NOON, proof=Proof.STAFF, reason=REASON
        )  # fmt: skip

    return work


def open_merges() -> list[tuple[int, int]]:
    query = select(Merge.kept_id, Merge.other_id).where(Merge.split_at.is_(None))
    return [(kept, other) for kept, other in db.session.execute(query)]


def test_points_that_are_being_spent_while_two_are_merged_are_spent_once(committed_app: Flask) -> None:
    clerk_id, (kept_id, other_id) = committed("小满", "小满在微博")
    ledger.earn(member(kept_id), POINTS, 40, key="k", at=NOON)
    ledger.earn(member(other_id), POINTS, 60, key="o", at=NOON)
    db.session.commit()

    def spend(number: int) -> Callable[[], object]:
        return lambda: ledger.spend(member((kept_id, other_id)[number % 2]), 9, key=f"s{number}", at=NOON)

    works = [spend(number) for number in range(12)]
    failed = at_once(committed_app, *works[:6], merging(clerk_id, kept_id, other_id), *works[6:])

    assert {type(error) for error in failed} <= {NotEnough}
    assert open_merges() == [(kept_id, other_id)]
    assert has(member(kept_id), member(other_id)) == [(0, 100 - 9 * (12 - len(failed))), (0, 0)]
    assert reconcile() == []


def test_facts_that_come_in_while_two_are_merged_are_the_kept_ones_in_the_end(committed_app: Flask) -> None:
    clerk_id, (kept_id, other_id) = committed("小满", "小满在微博")

    def say(number: int) -> Callable[[], object]:
        return lambda: comment(member(other_id), NOON + timedelta(minutes=number))

    works = [say(number) for number in range(10)]
    failed = at_once(committed_app, *works[:5], merging(clerk_id, kept_id, other_id), *works[5:])
    merged = db.session.scalars(select(Merge)).one()
    gathering.gather_merge(merged, NOON + timedelta(minutes=1), soon=True)
    db.session.commit()

    assert failed == []
    kind = Event.kind == "interaction.comment"
    assert db.session.scalar(select(func.count()).where(kind, Event.member_id == kept_id)) == 10
    assert has(member(kept_id), member(other_id)) == [(25, 25), (0, 0)]
    assert reconcile() == []


def test_the_same_pair_merged_from_several_sides_is_merged_once(committed_app: Flask) -> None:
    clerk_id, (one, two) = committed("小满", "小满在微博")
    ledger.earn(member(one), POINTS, 10, key="k", at=NOON)
    ledger.earn(member(two), POINTS, 10, key="o", at=NOON)
    db.session.commit()

    there, back = merging(clerk_id, one, two), merging(clerk_id, two, one)
    failed = at_once(committed_app, there, back, there, back, there)

    assert failed == []
    assert len(open_merges()) == 1
    assert sorted(has(member(one), member(two))) == [(0, 0), (0, 20)]
    assert reconcile() == []


def test_a_ring_of_merges_at_once_never_closes(committed_app: Flask) -> None:
    clerk_id, (one, two, three) = committed("甲", "乙", "丙")
    for number, fan_id in enumerate((one, two, three)):
        ledger.earn(member(fan_id), POINTS, 10, key=f"k{number}", at=NOON)
    db.session.commit()

    failed = at_once(
        committed_app, merging(clerk_id, one, two), merging(clerk_id, two, three), merging(clerk_id, three, one)
    )

    assert {type(error) for error in failed} <= {Conflict}
    assert len(open_merges()) <= 2
    assert sum(points for _growth, points in has(member(one), member(two), member(three))) == 30
    assert reconcile() == []


def test_splitting_from_several_sides_while_points_are_spent_happens_once(committed_app: Flask) -> None:
    clerk_id, (kept_id, other_id) = committed("小满", "小满在微博")
    ledger.earn(member(other_id), POINTS, 60, key="o", at=NOON)
    merging(clerk_id, kept_id, other_id)()
    db.session.commit()

    def split() -> object:
        merged = db.session.scalars(select(Merge)).one()
        return selves.split(merged, by=db.session.get_one(User, clerk_id), at=NOON, reason=REASON)

    def spend(number: int) -> Callable[[], object]:
        return lambda: ledger.spend(member(kept_id), 9, key=f"s{number}", at=NOON)

    failed = at_once(committed_app, split, spend(1), split, spend(2), spend(3), split)

    assert {type(error) for error in failed} <= {NotEnough}
    spent = 3 - len(failed)
    assert has(member(kept_id), member(other_id)) == [(0, 0), (0, 60 - 9 * spent)]
    assert open_merges() == []
    happened = db.session.scalars(select(Event.kind).where(Event.kind.startswith("member.split"))).all()
    assert len(happened) == 1
    assert reconcile() == []
