"""What was still being written when a segment was made is found, without waiting for the daily proof."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask

from commons import clock
from commons.db import db
from commons.permissions import Role
from community.members.models import Member
from community.members.segments import latecomers, writing
from community.members.segments.jobs import carry_on
from community.members.segments.models import Reason, Segment
from community.members.segments.writing import Draft
from tests.community.loyalty.factories import comment
from tests.community.members.segments.factories import every, kept, times
from tests.factories import NOON, make_fan, make_staff

# On SQLite one transaction writes at a time: nothing is open while a segment is made.
several_writers = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


class Writer(threading.Thread):
    """Writes a comment of the member, and commits when it is told to."""

    def __init__(self, app: Flask, member_id: int, at: datetime) -> None:
        super().__init__(daemon=True)
        self._app, self._member_id, self._at = app, member_id, at
        self.has_written, self.shall_end = threading.Event(), threading.Event()

    def run(self) -> None:
        with self._app.app_context():
            comment(db.session.get_one(Member, self._member_id), self._at)
            self.has_written.set()
            self.shall_end.wait(60)
            db.session.commit()

    def end(self) -> None:
        self.shall_end.set()
        self.join(60)


@pytest.fixture
def at(committed_app: Flask) -> datetime:
    clock.set_to(NOON)
    return NOON


def begin_writing(app: Flask, member: Member, at: datetime) -> Writer:
    writer = Writer(app, member.id, at)
    writer.start()
    assert writer.has_written.wait(60)
    return writer


def make(at: datetime) -> Segment:
    lead = make_staff(Role.CAMPAIGN_LEAD)
    segment = writing.make(Draft("评论过的人", every(times("interaction.comment"))), by=lead, at=at)
    db.session.commit()
    return segment


def go_on(segment: Segment, at: datetime) -> None:
    """What the job does for the round that is open, once; other jobs would wait for the writer's locks."""
    begun = segment.round
    assert begun is not None
    with clock.held(at):
        carry_on(begun.id)
    db.session.commit()
    db.session.refresh(segment)


@several_writers
def test_a_fact_that_is_committed_after_the_look_over_all_members_is_found(committed_app: Flask, at: datetime) -> None:
    fan = make_fan()
    db.session.commit()
    writer = begin_writing(committed_app, fan, at)
    segment = make(at)
    go_on(segment, at)
    assert kept(segment) == set()
    assert segment.is_settled

    go_on(segment, at + timedelta(seconds=2))
    assert kept(segment) == set()
    writer.end()
    go_on(segment, at + timedelta(seconds=5))

    assert kept(segment) == {fan.id}
    assert segment.round is not None
    assert (segment.round.reason, segment.round.came, segment.round.strays) == (Reason.AGAIN, 1, 0)
    assert segment.round.ended_at is not None


@several_writers
def test_one_that_never_ends_is_not_waited_for_for_ever(committed_app: Flask, at: datetime) -> None:
    fan = make_fan()
    db.session.commit()
    writer = begin_writing(committed_app, fan, at)
    segment = make(at)
    go_on(segment, at)

    go_on(segment, at + latecomers.PATIENCE)

    assert segment.round is not None
    assert segment.round.ended_at is not None
    writer.end()


def test_where_nobody_is_writing_one_look_is_enough(committed_app: Flask, at: datetime) -> None:
    make_fan()
    db.session.commit()
    segment = make(at)
    go_on(segment, at)

    assert [begun.reason for begun in segment.rounds] == [Reason.RULES]
