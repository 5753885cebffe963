"""Segments beside a judge who counts on fingers: whatever the rules and whatever happens, both name the same people."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons import clock
from commons.db import db
from community.members.segments import deciding, rebuilding, writing
from community.members.segments.models import Reason, Segment
from community.members.segments.tree import Group, parse, plain
from tests.community.members.segments.cast import Cast, make_what_rules_ask_about
from tests.community.members.segments.drawn import happenings, rules, steps
from tests.community.members.segments.factories import catch_up, kept, make_segment, work_out
from tests.community.members.segments.judge import fits
from tests.factories import NOON, make_staff


@pytest.mark.timeout(600)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=rules, second=rules, happening=steps, before=st.lists(happenings, max_size=12))
def test_kept_rows_follow_rules_and_facts_and_days(
    app: Flask, first: Group, second: Group, happening: list[tuple[str, ...]], before: list[tuple[str, ...]]
) -> None:
    clock.set_to(NOON)
    make_what_rules_ask_about()
    cast = Cast()
    for step in before:
        cast.happens(*step)
    segment = make_segment(first, at=NOON)
    for step in happening:
        if step[0] == "rules":
            ask_otherwise(segment, second)
        else:
            cast.happens(*step)
        if step[0] == "a_day_passes":
            turn_to_the_new_day(segment)
        catch_up(clock.now())
        wanted = {member.id for member, person in cast if fits(segment.rules, person, clock.now())}
        mine = {member.id for member, _person in cast}
        assert kept(segment) & mine == wanted
        assert deciding.contains(segment.id, mine) == wanted
    assert rebuilding.rebuild(segment, clock.now()).strays == 0
    db.session.refresh(segment)
    assert segment.size == len(kept(segment))


@given(rules)
def test_rules_are_read_as_they_were_written(written: Group) -> None:
    assert parse(plain(written)) == written


def ask_otherwise(segment: Segment, rules: Group) -> None:
    writing.change(
        segment, writing.Draft(segment.name, rules, everybody_is_meant=True), by=make_staff(), at=clock.now()
    )
    work_out(segment, clock.now())


def turn_to_the_new_day(segment: Segment) -> None:
    rebuilding.start(segment, Reason.DAY, clock.now())
    work_out(segment, clock.now())
