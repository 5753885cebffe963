"""Two members become one and part again: nothing made before or after is lost, and every table follows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons import events
from commons.db import db
from commons.errors import Conflict, Invalid, NotAllowed
from commons.events import Event
from commons.permissions import Role
from community.loyalty import ledger, why
from community.loyalty.books.reconciling import reconcile
from community.loyalty.levels.standing import standing
from community.loyalty.models import Currency, LevelChange
from community.loyalty.ranking.models import BoardScore
from community.members.merging import finding, gathering, joining, selves
from community.members.merging.models import Merge, Proof
from community.members.models import Member
from community.notices.models import Notice
from community.notices.telling import tell
from tests.community.loyalty.factories import comment, happen
from tests.community.members.merging.factories import (
    REASON,
    has,
    join,
    make_clerk,
    merge,
    split,
    stranger_says,
    weibo,
)
from tests.factories import NOON, make_fan, make_staff

LATER = NOON + timedelta(days=1)


def facts_of(member: Member, kind: str = "interaction.comment") -> int:
    return db.session.scalar(select(func.count()).where(Event.member_id == member.id, Event.kind == kind)) or 0


def scores(member: Member) -> dict[str, int]:
    query = select(BoardScore.board, BoardScore.score).where(BoardScore.member_id == member.id, BoardScore.score != 0)
    return dict(db.session.execute(query).all())


def test_facts_points_and_handles_go_to_the_kept_self_and_come_back(app: Flask) -> None:
    kept, other, clerk = make_fan(), make_fan("小满在微博"), make_clerk()
    comment(kept, NOON)
    comment(other, NOON)
    comment(other, NOON + timedelta(minutes=1))

    merged = merge(kept, other, clerk)

    assert has(kept, other) == [(15, 15), (0, 0)]
    assert (facts_of(kept), facts_of(other)) == (3, 0)
    assert {handle.member_id for handle in kept.handles} == {kept.id}
    assert len(kept.handles) == 2

    split(merged, clerk, LATER)

    assert has(kept, other) == [(5, 5), (10, 10)]
    assert (facts_of(kept), facts_of(other)) == (1, 2)
    assert len(kept.handles) == len(other.handles) == 1
    assert reconcile() == []


def test_what_the_others_handle_does_after_the_merge_is_the_others_after_a_split(app: Flask) -> None:
    kept, other, clerk, account = make_fan(), make_fan("小满在微博"), make_clerk(), weibo()
    join(stranger_says(account, "1"), other)
    merged = merge(kept, other, clerk, LATER)

    stranger_says(account, "2", at=LATER + timedelta(minutes=1))
    comment(kept, LATER + timedelta(minutes=2))
    together = has(kept, other)
    split(merged, clerk, LATER + timedelta(hours=1))

    assert together == [(15, 15), (0, 0)]
    assert has(kept, other) == [(5, 5), (10, 10)]
    assert (facts_of(kept), facts_of(other)) == (1, 2)
    assert reconcile() == []


def test_what_is_gained_in_a_week_goes_along_both_ways(app: Flask) -> None:
    kept, other, clerk, account = make_fan(), make_fan("小满在微博"), make_clerk(), weibo()
    comment(kept, NOON)
    join(stranger_says(account, "1"), other)
    before = scores(kept), scores(other)
    merged = merge(kept, other, clerk)
    stranger_says(account, "2", at=NOON + timedelta(minutes=1))
    together = scores(kept)

    split(merged, clerk, NOON + timedelta(hours=1))

    assert set(together.values()) == {15}
    assert scores(kept) == before[0]
    assert set(scores(other).values()) == {10}


def test_what_was_spent_meanwhile_stays_spent(app: Flask) -> None:
    kept, other, clerk = make_fan(), make_fan("小满在微博"), make_clerk()
    ledger.earn(kept, Currency.POINTS, 10, key="k", at=NOON)
    ledger.earn(other, Currency.POINTS, 30, key="o", at=NOON)
    merged = merge(kept, other, clerk)
    ledger.spend(kept, 15, key="s", at=NOON)

    split(merged, clerk, LATER)

    assert sum(points for _growth, points in has(kept, other)) == 25
    assert reconcile() == []


def test_merging_twice_or_the_other_way_round_changes_nothing(app: Flask) -> None:
    kept, other, clerk = make_fan(), make_fan("小满在微博"), make_clerk()
    first = merge(kept, other, clerk)

    assert merge(kept, other, clerk) is first
    assert merge(other, kept, clerk) is first
    assert kept.merged_into_id is None
    assert db.session.scalar(select(func.count()).select_from(Merge)) == 1


def test_splitting_twice_changes_nothing_and_they_may_be_merged_again(app: Flask) -> None:
    kept, other, clerk = make_fan(), make_fan("小满在微博"), make_clerk()
    comment(other, NOON)
    merged = merge(kept, other, clerk)
    split(merged, clerk, LATER)

    split(merged, clerk, LATER)
    again = merge(kept, other, clerk, LATER)

    assert again is not merged
    assert has(kept, other) == [(5, 5), (0, 0)]


def test_a_chain_comes_apart_in_any_order(app: Flask) -> None:
    first, second, third, clerk = make_fan("甲"), make_fan("乙"), make_fan("丙"), make_clerk()
    for number, fan in enumerate((first, second, third)):
        for minute in range(number + 1):
            comment(fan, NOON + timedelta(minutes=minute))
    before = has(first, second, third)
    near = merge(second, first, clerk)
    far = merge(third, second, clerk)
    together = has(first, second, third)

    split(near, clerk, LATER)
    halfway = has(first, second, third)
    split(far, clerk, LATER)

    assert together == [(0, 0), (0, 0), (30, 30)]
    assert halfway == [(5, 5), (0, 0), (25, 25)]
    assert has(first, second, third) == before
    assert [facts_of(fan) for fan in (first, second, third)] == [1, 2, 3]
    assert reconcile() == []


def test_a_chain_comes_apart_from_its_end(app: Flask) -> None:
    first, second, third, clerk = make_fan("甲"), make_fan("乙"), make_fan("丙"), make_clerk()
    for fan in (first, second, third):
        comment(fan, NOON)
    near, far = merge(second, first, clerk), merge(third, second, clerk)

    split(far, clerk, LATER)
    halfway = has(first, second, third)
    split(near, clerk, LATER)

    assert halfway == [(0, 0), (10, 10), (5, 5)]
    assert has(first, second, third) == [(5, 5)] * 3


def test_nobody_stands_lower_for_being_one_person(app: Flask) -> None:
    kept, other, clerk = make_fan(), make_fan("小满在微博"), make_clerk()
    happen("group_buy.joined", other, NOON)
    ledger.earn(other, Currency.GROWTH, 500, key="g", at=NOON)
    risen = standing(other).level.rank

    merge(kept, other, clerk)

    assert risen > 1
    assert standing(kept).level.rank >= risen
    newest = db.session.scalars(
        select(LevelChange).where(LevelChange.member_id == other.id).order_by(LevelChange.id.desc())
    ).first()
    assert newest is not None
    assert newest.level.rank == risen


def test_only_staff_with_a_reason_or_the_fan_with_both_accounts_merges(app: Flask) -> None:
    kept, other, clerk = make_fan(), make_fan("小满在微博"), make_clerk()
    assert kept.user is not None
    reader = make_staff(Role.EXECUTIVE)

    def refused(by: object, proof: Proof, reason: str = "", error: type[Exception] = NotAllowed) -> None:
        with pytest.raises(error):
            selves.merge(kept, other, by=by, at=NOON, proof=proof, reason=reason)  # type: ignore[arg-type]

    refused(reader, Proof.STAFF, REASON)
    refused(clerk, Proof.STAFF, "  ", Invalid)
    refused(kept.user, Proof.NETWORK)
    refused(kept.user, Proof.STAFF, REASON)
    refused(other.user, Proof.BOTH_ACCOUNTS)

    assert selves.merge(kept, other, by=kept.user, at=NOON, proof=Proof.BOTH_ACCOUNTS).other is other


def test_whoever_cannot_be_merged_is_told_why(app: Flask) -> None:
    kept, other, clerk, third = make_fan(), make_fan("小满在微博"), make_clerk(), make_fan("丙")
    stranger = stranger_says(weibo(), "1")
    join(stranger, other)

    with pytest.raises(selves.OneAlready):
        merge(kept, kept, clerk)
    other.erased_at = NOON
    with pytest.raises(Invalid):
        merge(kept, other, clerk)
    other.erased_at = None
    merge(kept, other, clerk)
    with pytest.raises(Conflict):
        merge(third, other, clerk)


def test_the_account_stays_with_the_member_who_is_kept(app: Flask) -> None:
    fan, clerk = make_fan(), make_clerk()
    from community.members.roster import stranger

    known = stranger("小满在微博", NOON)

    with pytest.raises(Invalid):
        merge(known, fan, clerk)


def test_a_fact_written_for_the_merged_self_is_the_kept_ones(app: Flask) -> None:
    kept, other, clerk = make_fan(), make_fan("小满在微博"), make_clerk()
    merged = merge(kept, other, clerk)

    fact = comment(other, LATER)

    assert fact.member_id == kept.id
    assert has(kept, other) == [(5, 5), (0, 0)]
    split(merged, clerk, LATER)
    assert fact.member_id == other.id
    assert has(kept, other) == [(0, 0), (5, 5)]


def test_what_came_in_for_the_merged_self_in_that_moment_is_gathered(app: Flask) -> None:
    kept, other, clerk = make_fan(), make_fan("小满在微博"), make_clerk()
    merged = merge(kept, other, clerk)
    late = Event(
        kind="interaction.comment", member_id=other.id, occurred_at=NOON, recorded_at=NOON, payload={}, key="late"
    )
    db.session.add(late)
    ledger.earn(other, Currency.POINTS, 7, key="late", at=NOON)
    db.session.flush()

    gathering.gather_merge(merged, LATER)
    gathering.gather_merge(merged, LATER + timedelta(days=1))

    db.session.refresh(late)
    assert late.member_id == kept.id
    assert has(kept, other) == [(0, 7), (0, 0)]
    split(merged, clerk, LATER + timedelta(days=2))
    assert has(kept, other) == [(0, 0), (0, 7)]
    assert reconcile() == []


def test_it_is_on_record_and_the_fan_is_told(app: Flask) -> None:
    kept, other, clerk = make_fan(), make_fan("小满在微博"), make_clerk()
    merged = merge(kept, other, clerk)
    split(merged, clerk, LATER)

    facts = events.of_subject(merged)
    told = db.session.scalars(select(Notice).where(Notice.kind.in_(["member.merged", "member.split"]))).all()

    assert [(fact.kind, fact.actor_id, fact.payload["reason"]) for fact in facts] == [
        ("member.merged", clerk.id, REASON),
        ("member.split", clerk.id, REASON),
    ]
    assert sorted((notice.kind, notice.member_id) for notice in told) == [
        ("member.merged", kept.id),
        ("member.split", kept.id),
        ("member.split", other.id),
    ]


def test_a_merged_self_counts_no_more(app: Flask) -> None:
    kept, other, clerk = make_fan(), make_fan("小满在微博"), make_clerk()

    merge(kept, other, clerk)

    seen = db.session.scalars(Member.visible_to(clerk)).all()
    assert kept in seen
    assert other not in seen
    assert finding.by_public_id(other.public_id) is kept
    assert finding.by_public_id(kept.public_id) is None


def lines_add_up(member: Member) -> bool:
    """Whether the lines of the history, together, are the balances."""
    lines = why.history(member, size=500).lines
    return (sum(line.growth for line in lines), sum(line.points for line in lines)) == has(member)[0]


def test_every_history_adds_up_to_its_balance_before_and_after(app: Flask) -> None:
    kept, other, clerk, account = make_fan(), make_fan("小满在微博"), make_clerk(), weibo()
    handle = join(stranger_says(account, "1"), other)
    comment(kept, NOON)
    comment(other, NOON + timedelta(minutes=1))
    ledger.earn(other, Currency.POINTS, 30, key="o", at=NOON)
    ledger.spend(other, 12, key="so", at=NOON + timedelta(minutes=2))
    merged = merge(kept, other, clerk, LATER)
    stranger_says(account, "2", at=LATER + timedelta(minutes=1))
    ledger.spend(kept, 9, key="sk", at=LATER + timedelta(minutes=2))
    together = [lines_add_up(kept), lines_add_up(other)]

    split(merged, clerk, LATER + timedelta(hours=1))
    apart = [lines_add_up(kept), lines_add_up(other)]
    own = joining.split_handle(handle, by=clerk, at=LATER + timedelta(hours=2), reason=REASON)

    assert together == [True, True]
    assert apart == [True, True]
    assert [lines_add_up(member) for member in (kept, other, own)] == [True, True, True]


def test_what_comes_over_is_not_earned_today(app: Flask) -> None:
    kept, other, clerk = make_fan(), make_fan("小满在微博"), make_clerk()
    ledger.earn(other, Currency.POINTS, 30, key="o", at=NOON)

    merge(kept, other, clerk, LATER)

    assert why.earned(why.today(kept, LATER)) == (0, 0)
    assert [line.points for line in why.history(kept).lines if line.kind == "transfer"] == [30]


def test_whoever_tells_the_merged_self_something_tells_the_kept_one(app: Flask) -> None:
    kept, other, clerk = make_fan(), make_fan("小满在微博"), make_clerk()
    merge(kept, other, clerk)

    notice = tell(other.id, "level.kept", key="anything", at=NOON)

    assert notice is not None
    assert notice.member_id == kept.id
