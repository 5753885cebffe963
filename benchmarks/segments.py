"""Segments in a large circle: a round over everybody with ten conditions, the live count, and how soon a fact is followed.

The peer of the round is the one query that a person would write for the same question, over all members at once and
without keeping anything. That a fact is followed is seen with the real tick and the real worker.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from commons import clock, events
from commons.db import db, random_id
from community.members.segments import deciding, rebuilding, tree
from community.members.segments.models import Reason, Segment, SegmentDue, SegmentMember
from community.members.segments.tree import Group, Join, Leaf

WANTED_ROUND, WANTED_FOLLOW = 60.0, 5.0
FACTS_FOLLOWED, SETTLING = 20, 3
FOLLOWED = "interaction.mention"


@dataclass(frozen=True)
class Rounds:
    """Seconds, and how many members the rules mean."""

    round: float
    peer: float
    count: float
    members: int


def go_round(by: Any, at: datetime) -> Rounds:
    """A new segment of ten conditions, worked out over everybody and kept; the other ways to ask beside it."""
    rules = ten_conditions()
    segment = make_segment("ten conditions", rules, by, at)
    took = _timed(lambda: _round(segment, at))
    peer = _timed(lambda: db.session.scalar(select(func.count()).select_from(_matching(rules, at).subquery())))
    count = _timed(lambda: deciding.count(rules, at))
    right = db.session.scalar(select(func.count()).select_from(_matching(rules, at).subquery()))
    assert right == segment.size, f"{segment.size} members are kept, {right} fit"
    db.session.commit()
    return Rounds(took, peer, count, segment.size)


def ten_conditions() -> Group:
    """As a brand would ask: active in some way, not gone quiet, and not one of those who only pass by."""
    lately = {"period": "last", "days": 90}
    return Group(
        Join.ALL,
        (
            Leaf("joined", {"period": "between", "first": "2020-01-01", "last": None, "days": None}),
            Group(
                Join.ANY,
                (
                    _did("interaction.comment", "at_least", 9, **lately),
                    _did("interaction.share", "at_least", 5, **lately),
                    _did("interaction.repost", "at_least", 5),
                    _did("circle.checked_in", "at_least", 12),
                ),
            ),
            _did("interaction.like", "at_least", 1),
            _did("link.visited", "at_most", 40, **lately),
            Group(
                Join.NONE,
                (
                    _did("interaction.comment", "exactly", 0),
                    _did("circle.checked_in", "at_least", 60),
                    _did("group_buy.left", "at_least", 1, **lately),
                ),
            ),
        ),
    )


def make_segment(name: str, rules: Group, by: Any, at: datetime) -> Segment:
    follows = sorted({leaf.values["fact"] for leaf in tree.leaves(rules) if leaf.kind == "facts"})
    segment = Segment(
        name=name, written=tree.plain(rules), follows=follows, drifts=True, made_by=by, made_at=at, changed_at=at,
        public_id=random_id(),
    )  # fmt: skip
    db.session.add(segment)
    db.session.commit()
    return segment


def follow(by: Any, members: int, start: Callable[[], None]) -> list[float]:
    """Members do something that brings them into a segment: seconds from each commit until they are in it.

    `start` starts the tick and the worker; what has waited for them is done before anything is timed.
    """
    at = clock.now()
    segment = make_segment("mentioned us", Group(Join.ALL, (_did(FOLLOWED, "at_least", 1),)), by, at)
    _round(segment, at)
    start()
    outside = _outside(segment, members, SETTLING + FACTS_FOLLOWED)
    for member_id in outside[:SETTLING]:
        _seen_after(segment, member_id)
    return [_seen_after(segment, member_id) for member_id in outside[SETTLING:]]


def show(rounds: Rounds, followed: list[float]) -> None:
    kept = f"ten conditions asked of everybody, {rounds.members:,} members kept"
    print(f"\n  {'segments':<58} {'seconds':>10}")
    print(f"  {kept:<58} {rounds.round:>10.2f}")
    print(
        f"  {'one query over all of it that keeps nothing':<58} {rounds.peer:>10.2f}   ours is {rounds.round / rounds.peer:.2f} of it"
    )
    print(f"  {'the live count in the form':<58} {rounds.count:>10.2f}")
    print(
        f"  {f'a fact, until its member is in the segment, median of {FACTS_FOLLOWED}':<58} {sorted(followed)[len(followed) // 2]:>10.2f}"
    )
    print(f"  {'the slowest of them':<58} {max(followed):>10.2f}")


def _did(fact: str, how: str, number: int, **period: Any) -> Leaf:
    when = {"period": "ever", "days": None, "first": None, "last": None} | period
    return Leaf("facts", {"fact": fact, "how": how, "times": number, "evidence": "", **when})


def _matching(rules: Group, at: datetime) -> Any:
    return deciding.matching(rules, deciding.today(at))


def _round(segment: Segment, at: datetime) -> None:
    begun = rebuilding.start(segment, Reason.RULES, at)
    db.session.commit()
    while rebuilding.step(begun.id, at):
        db.session.commit()
        _progress(begun.looked_at / max(1, begun.wanted))
    db.session.commit()
    _progress(1.0)


def _outside(segment: Segment, members: int, count: int) -> list[int]:
    """Members from all over the circle who are not in the segment yet: a kept circle remembers those of the last time."""
    picked = random.sample(range(1, members + 1), count * 4)
    there = set(db.session.scalars(select(SegmentMember.member_id).where(SegmentMember.segment_id == segment.id)))
    db.session.commit()
    outside = [member_id for member_id in picked if member_id not in there]
    assert len(outside) >= count, "hardly anybody is outside of the segment"
    return outside[:count]


def _seen_after(segment: Segment, member_id: int, within: float = 120) -> float:
    """Seconds until the member is in the segment, once a fact is committed."""
    events.track(FOLLOWED, key=f"bench:{random_id()}", at=clock.now(), member_id=member_id)
    db.session.commit()
    began = time.perf_counter()
    query = select(SegmentMember.member_id).where(
        SegmentMember.segment_id == segment.id, SegmentMember.member_id == member_id
    )
    while db.session.scalar(query) is None:
        marked = db.session.scalar(select(func.count(SegmentDue.id)))
        db.session.commit()
        assert time.perf_counter() - began < within, (
            f"not in the segment after {within:.0f} s; {marked} members are marked"
        )
        time.sleep(0.02)
    db.session.commit()
    return time.perf_counter() - began


def _timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _progress(share: float) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r  {share:>5.0%}" + ("\r       \r" if share >= 1 else ""))
        sys.stderr.flush()
