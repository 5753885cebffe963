"""With the real tick and a real worker: a fact is followed within five seconds."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons import clock
from commons.db import db
from community.members.segments.models import Segment, SegmentDue
from tests.community.loyalty.factories import comment
from tests.community.members.segments.factories import every, kept, make_segment, times
from tests.factories import make_fan
from tests.servers.live import Live
from tests.servers.processes import await_true

WANTED = 5.0


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_membership_is_right_within_five_seconds_of_a_fact(live: Live, live_app: Flask) -> None:
    fan = make_fan()
    segment = make_segment(every(times("interaction.comment", 2)), at=clock.now())
    comment(fan, clock.now())
    db.session.commit()
    live.start("tick", "worker-proving", "worker-default")
    await_true(_nobody_is_marked, "the first fact was followed", within=90, every=0.1)
    assert not _is_in(segment, fan.id)

    comment(fan, clock.now())
    db.session.commit()
    began = time.monotonic()
    await_true(lambda: _is_in(segment, fan.id), "the member came in", within=60, every=0.05)

    assert time.monotonic() - began < WANTED


def _nobody_is_marked() -> bool:
    marked = db.session.scalar(select(func.count(SegmentDue.id)))
    db.session.commit()
    return marked == 0


def _is_in(segment: Segment, member_id: int) -> bool:
    found = member_id in kept(segment)
    db.session.commit()
    return found
