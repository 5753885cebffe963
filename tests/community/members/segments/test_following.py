"""Facts and segments: who is marked, who is looked at, and that a worker does it within seconds."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from commons import jobs
from commons.accounts import leaving
from commons.db import db
from commons.jobs import registry
from community.members.segments import deciding, following, rebuilding, writing
from community.members.segments.models import Reason, SegmentDue, SegmentMember
from community.members.segments.writing import Draft
from tests.community.loyalty.factories import comment, happen
from tests.community.members.segments.factories import (
    catch_up,
    every,
    ids_of,
    kept,
    make_segment,
    none,
    times,
    work_out,
)
from tests.factories import make_fan, make_staff


def marks() -> int:
    return db.session.scalar(select(func.count(SegmentDue.id))) or 0


def test_whoever_fits_comes_in_by_the_next_sweep(app: Flask, at: datetime) -> None:
    fan, other = make_fan("小满"), make_fan("阿木")
    segment = make_segment(every(times("interaction.comment", 2)))
    comment(fan, at)
    comment(other, at)
    comment(fan, at + timedelta(seconds=1))

    jobs.drain(at + timedelta(seconds=2))

    assert kept(segment) == ids_of(fan)
    assert marks() == 0


def test_whoever_no_longer_fits_leaves(app: Flask, at: datetime) -> None:
    fan = make_fan()
    segment = make_segment(every(times("interaction.comment", 0, "at_most")))
    assert kept(segment) == ids_of(fan)

    comment(fan, at)
    catch_up(at)

    assert kept(segment) == set()
    assert segment.size == 0


def test_a_new_member_is_looked_at_for_what_they_did_not_do(app: Flask, at: datetime) -> None:
    segment = make_segment(none(times("interaction.comment")))

    fan = make_fan()
    catch_up(at)

    assert kept(segment) == ids_of(fan)


def test_facts_that_concern_no_segment_mark_nobody(app: Flask, at: datetime) -> None:
    fan = make_fan()
    make_segment(every(times("interaction.comment")))
    catch_up(at)

    happen("interaction.like", fan, at)

    assert marks() == 0


def test_without_segments_facts_mark_nobody(app: Flask, at: datetime) -> None:
    comment(make_fan(), at)

    assert marks() == 0


def test_a_fact_that_was_rolled_back_marks_nobody(app: Flask, at: datetime) -> None:
    fan = make_fan()
    make_segment(every(times("interaction.comment")))
    catch_up(at)
    nested = db.session.begin_nested()
    comment(fan, at)
    nested.rollback()

    assert marks() == 0


def test_a_mark_whose_worker_was_lost_is_claimed_again(app: Flask, at: datetime) -> None:
    fan = make_fan()
    segment = make_segment(every(times("interaction.comment")))
    catch_up(at)
    comment(fan, at)

    assert following.claim(at, 10)
    assert not following.claim(at, 10)
    late = at + following.LEASE
    following.follow(following.claim(late, 10), late)

    assert kept(segment) == ids_of(fan)


def test_members_are_looked_at_without_a_fact_where_somebody_asks(app: Flask, at: datetime) -> None:
    fan = make_fan()
    segment = make_segment(every(times("interaction.comment")))
    comment(fan, at)
    catch_up(at)
    db.session.execute(SegmentMember.__table__.delete())  # type: ignore[attr-defined]

    following.touch([fan.id], at)
    catch_up(at)

    assert kept(segment) == ids_of(fan)


def test_a_rule_that_asks_in_the_transaction_of_the_fact_sees_the_fact(app: Flask, at: datetime) -> None:
    fan, other = make_fan("小满"), make_fan("阿木")
    segment = make_segment(every(times("interaction.comment")))
    comment(fan, at)

    assert deciding.contains(segment.id, [fan.id, other.id]) == ids_of(fan)
    assert deciding.contains(segment.id, []) == set()
    assert deciding.contains(10_000, [fan.id]) == set()


def test_whoever_is_erased_is_in_no_segment_any_more(app: Flask, at: datetime) -> None:
    fan, other = make_fan("小满"), make_fan("阿木")
    segment = make_segment(every(times("interaction.comment", 0, "at_most")))
    assert fan.user is not None

    leaving.erase(fan.user, at)
    db.session.expire_all()

    assert kept(segment) == ids_of(other)
    assert segment.size == 1


def test_a_new_day_is_followed_by_itself(app: Flask, at: datetime) -> None:
    fan = make_fan()
    comment(fan, at)
    segment = make_segment(every(times("interaction.comment", period="last", days=2)))
    assert kept(segment) == ids_of(fan)

    jobs.drain(at + timedelta(days=1))
    assert kept(segment) == ids_of(fan)
    jobs.drain(at + timedelta(days=2))

    assert kept(segment) == set()
    assert segment.round is not None
    assert segment.round.strays == 0


def test_a_proof_finds_and_mends_what_is_wrong(app: Flask, at: datetime) -> None:
    fan, other = make_fan("小满"), make_fan("阿木")
    comment(fan, at)
    segment = make_segment(every(times("interaction.comment")))
    catch_up(at)
    db.session.execute(SegmentMember.__table__.delete())  # type: ignore[attr-defined]
    db.session.add(SegmentMember(segment_id=segment.id, member_id=other.id, since=at))
    db.session.flush()

    found = rebuilding.rebuild(segment, at)

    assert (found.came, found.went, found.strays) == (1, 1, 2)
    assert kept(segment) == ids_of(fan)
    assert "2" in (rebuilding.complaint(at) or "")
    assert rebuilding.rebuild(segment, at).strays == 0
    assert rebuilding.complaint(at) is None


def test_what_is_only_waiting_is_no_stray(app: Flask, at: datetime) -> None:
    fan = make_fan()
    segment = make_segment(every(times("interaction.comment")))
    comment(fan, at)

    assert rebuilding.rebuild(segment, at).strays == 0
    assert kept(segment) == ids_of(fan)


def test_each_segment_is_proven_once_a_day(app: Flask, at: datetime) -> None:
    segment = make_segment(every(times("interaction.comment")))
    assert rebuilding.turn(at + timedelta(hours=23)) == 0

    assert rebuilding.turn(at + timedelta(hours=24)) == 1
    assert rebuilding.turn(at + timedelta(hours=24)) == 0

    assert segment.round is not None
    assert segment.round.reason is Reason.PROOF


def test_a_round_that_was_given_up_does_not_end_the_proofs(app: Flask, at: datetime) -> None:
    segment = make_segment(every(times("interaction.comment")))
    stuck = rebuilding.start(segment, Reason.PROOF, at)
    assert rebuilding.turn(at + timedelta(hours=23)) == 0

    assert rebuilding.turn(at + timedelta(hours=24)) == 1

    db.session.refresh(stuck)
    assert stuck.broken_off
    assert segment.round is not stuck


def test_new_rules_break_off_a_round_that_is_under_way(app: Flask, at: datetime) -> None:
    fans = [make_fan(f"粉丝{number}") for number in range(5)]
    segment = make_segment(none(times("interaction.comment")))
    old = rebuilding.start(segment, Reason.PROOF, at).id
    assert rebuilding.step(old, at, chunk=2)

    writing.change(segment, Draft("常来的人", every(times("interaction.comment"))), by=make_staff(), at=at)

    assert not rebuilding.step(old, at, chunk=2)
    work_out(segment, at)
    assert kept(segment) == set()
    assert len(fans) == 5


def test_a_live_count_is_exact_in_a_small_circle_and_says_so_where_it_is_not(app: Flask, at: datetime) -> None:
    fans = [make_fan(f"粉丝{number}") for number in range(12)]
    for fan in fans[:6]:
        comment(fan, at)
    rules = every(times("interaction.comment"))

    exact = deciding.count(rules, at)
    assert (exact.members, exact.total, exact.one_of) == (6, 12, 1)

    before, deciding.EXACT_UP_TO = deciding.EXACT_UP_TO, 4
    try:
        rough = deciding.count(every(none(times("interaction.like"))), at)
    finally:
        deciding.EXACT_UP_TO = before
    assert (rough.members, rough.total, rough.one_of) == (12, 12, 3)


def test_looking_at_everybody_stands_on_another_queue_than_facts() -> None:
    assert registry.known("segments.round").queue != registry.sweeps["segments.follow"].queue
