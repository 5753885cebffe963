"""What the demo shows of segments: who stayed, who has gone quiet, and who talks but has not bought."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from campaigns.demo.stage import Cast
from commons import clock
from commons.db import db
from community.members.segments import rebuilding, writing
from community.members.segments.models import SegmentRound
from community.members.segments.tree import Group, Join, Leaf
from community.members.segments.writing import Draft

Step = Callable[[], object]


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order: segments are made of what has happened, so they come last."""
    yield cast.now - timedelta(minutes=10), partial(_make, cast)


def _make(cast: Cast) -> None:
    lately = {"period": "last", "days": 14}
    regulars = Draft(
        "常来的茶友",
        Group(Join.ALL, (_did("interaction.comment", 2, **lately), _did("circle.checked_in", 3, **lately))),
        "两周里既签到又聊天的人",
    )
    kept = writing.make(regulars, by=cast.lead, at=clock.now())
    quiet = Group(Join.NONE, (_did("interaction.comment", 1, **lately), _did("circle.checked_in", 1, **lately)))
    writing.make(Draft("沉睡的茶友", quiet, "两周没有动静，适合一封问候"), by=cast.lead, at=clock.now())
    talking = Group(
        Join.ALL,
        (
            Leaf("segment", {"segment": kept.id}),
            Group(Join.NONE, (Leaf("purchases", _often(1, period="ever")),)),
        ),
    )
    writing.make(Draft("聊得多、还没买过", talking, "团购可以先告诉他们"), by=cast.lead, at=clock.now())
    near = Group(Join.ANY, tuple(Leaf("profile.region", {"value": region}) for region in ("ZJ", "JS", "SH")))
    writing.make(Draft("江浙沪的茶友", near, "线下茶会可以请他们来"), by=cast.lead, at=clock.now())
    work_out()


def work_out() -> None:
    """Nobody should find a segment that is still being counted."""
    for begun in db.session.scalars(select(SegmentRound.id).where(SegmentRound.ended_at.is_(None))).all():
        while rebuilding.step(begun, clock.now()):
            pass
    db.session.flush()


def _did(fact: str, times: int, **period: Any) -> Leaf:
    return Leaf("facts", {"fact": fact, "evidence": "", **_often(times, **period)})


def _often(times: int, **period: Any) -> dict[str, Any]:
    return {"how": "at_least", "times": times, "days": None, "first": None, "last": None, **period}
