"""Segments beside a judge who counts on fingers: whatever the rules and whatever happens, both name the same people."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from commons import clock
from commons.db import db
from commons.events import Evidence
from community.loyalty import ledger
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from community.members import leaving
from community.members.models import Member
from community.members.profiles import allowing, answers
from community.members.profiles.models import Field, Purpose, Way
from community.members.segments import deciding, rebuilding, writing
from community.members.segments import leaving as of_segments
from community.members.segments.models import Reason
from community.members.segments.tree import Group, Join, Leaf, parse, plain
from community.members.tags import tagging
from community.members.tags.models import Tag
from tests.community.loyalty.factories import happen
from tests.community.members.segments.factories import (
    Person,
    catch_up,
    fits,
    joined,
    kept,
    make_segment,
    times,
    work_out,
)
from tests.factories import NOON, make_fan, make_staff

KINDS = ("interaction.repost", "interaction.mention", "interaction.share")
WORDS = ("aaaaaaaaaaaa", "bbbbbbbbbbbb")  # ids of tags, so that rules can be drawn before there are any
REGIONS = ("ZJ", "FJ")
YOUNG = "under_14"
names = count(1)
days = st.dates(NOON.date() - timedelta(days=12), NOON.date() + timedelta(days=3)).map(lambda day: day.isoformat())
periods = st.one_of(
    st.just({"period": "ever"}),
    st.builds(lambda number: {"period": "last", "days": number}, st.integers(1, 9)),
    st.builds(lambda first, last: {"period": "between", "first": first, "last": last}, days, st.none() | days),
)
leaves = st.one_of(
    st.builds(
        lambda kind, number, how, evidence, period: times(kind, number, how, evidence, **period),
        st.sampled_from(KINDS),
        st.integers(0, 3),
        st.sampled_from(["at_least", "at_least", "at_most", "exactly"]),
        st.sampled_from(["", "", *(grade.value for grade in Evidence)]),
        periods,
    ).filter(lambda leaf: leaf.values["times"] or leaf.values["how"] != "at_least"),
    st.builds(lambda period: joined(**period), periods),
    st.builds(lambda word: Leaf("tag", {"tag": word}), st.sampled_from(WORDS)),
    st.builds(
        lambda how, number: Leaf("points", {"how": how, "points": number}),
        st.sampled_from(["at_least", "at_most"]),
        st.integers(0, 30),
    ),
    st.builds(lambda region: Leaf("profile.region", {"value": region}), st.sampled_from(REGIONS)),
)
rules = st.recursive(
    leaves,
    lambda inner: st.builds(Group, st.sampled_from(list(Join)), st.lists(inner, min_size=1, max_size=3).map(tuple)),
    max_leaves=6,
).map(lambda part: Group(Join.ALL, (part,)) if isinstance(part, Leaf) else part)
facts = st.tuples(
    st.integers(0, 3), st.sampled_from(KINDS), st.integers(0, 300), st.sampled_from(list(Evidence))
)  # who, what, hours ago, how well it is proven
tagged = st.tuples(st.just("tag"), st.integers(0, 3), st.sampled_from(WORDS), st.booleans())
moved = st.tuples(st.just("points"), st.integers(0, 3), st.integers(-20, 20).filter(bool))
told = st.tuples(st.just("region"), st.integers(0, 3), st.sampled_from(["", YOUNG, *REGIONS]))
happenings = st.one_of(facts, tagged, moved, told)
steps = st.lists(st.one_of(happenings, st.sampled_from(["day", "join", "erase", "rules"])), max_size=12)


@pytest.mark.timeout(600)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=rules, second=rules, happening=steps, before=st.lists(happenings, max_size=12))
def test_kept_rows_follow_rules_and_facts_and_days(
    app: Flask, first: Group, second: Group, happening: list[object], before: list[tuple[object, ...]]
) -> None:
    now = NOON
    clock.set_to(now)
    _make_tags()
    cast = {number: make_fan(f"粉丝{next(names)}", at=now - timedelta(days=number * 3)) for number in range(4)}
    people = {number: Person(member.joined_at) for number, member in cast.items()}
    for fact in before:
        _happen(cast, people, fact)
    segment = make_segment(first, at=now)
    for step in happening:
        if step == "day":
            now += timedelta(days=1)
            clock.set_to(now)
            rebuilding.start(segment, Reason.DAY, now)
            work_out(segment, now)
        elif step == "join" and len(cast) < 8:
            cast[len(cast)] = make_fan(f"粉丝{next(names)}", at=now)
            people[len(people)] = Person(now)
        elif step == "erase":
            _erase(cast, people)
        elif step == "rules":
            rules_now = writing.Draft(segment.name, second, everybody_is_meant=True)
            writing.change(segment, rules_now, by=make_staff(), at=now)
            work_out(segment, now)
        elif isinstance(step, tuple):
            _happen(cast, people, step)
        catch_up(now)
        wanted = {cast[number].id for number, person in people.items() if fits(segment.rules, person, now)}
        mine = {member.id for member in cast.values()}
        assert kept(segment) & mine == wanted
        assert deciding.contains(segment.id, mine) == wanted
    assert rebuilding.rebuild(segment, now).strays == 0
    db.session.refresh(segment)
    assert segment.size == len(kept(segment))


@given(rules)
def test_rules_are_read_as_they_were_written(written: Group) -> None:
    assert parse(plain(written)) == written


def _make_tags() -> None:
    """Once for all examples: they share a transaction."""
    for word in WORDS:
        if db.session.scalar(select(Tag.id).where(Tag.public_id == word)) is None:
            by, now = make_staff(), clock.now()
            db.session.add(Tag(public_id=word, name=word, folded=word, made_by_id=by.id, made_at=now))
    db.session.flush()


def _happen(cast: dict[int, Member], people: dict[int, Person], fact: tuple[Any, ...]) -> None:
    if fact[0] == "tag":
        _tag(cast, people, *fact[1:])
    elif fact[0] == "points":
        _move_points(cast, people, *fact[1:])
    elif fact[0] == "region":
        _tell(cast, people, *fact[1:])
    else:
        _track(cast, people, *fact)


def _tag(cast: dict[int, Member], people: dict[int, Person], who: int, word: str, on: bool) -> None:
    if who not in cast:
        return
    tag = db.session.scalars(select(Tag).where(Tag.public_id == word)).one()
    if on:
        tagging.put_on(tag, [cast[who].id], by=tag.made_by, at=clock.now())
        people[who].tags.add(word)
    else:
        tagging.take_off(tag, [cast[who].id], at=clock.now())
        people[who].tags.discard(word)


def _move_points(cast: dict[int, Member], people: dict[int, Person], who: int, amount: int) -> None:
    """What is not there is not spent."""
    if who not in cast or people[who].points + amount < 0:
        return
    key = f"judge:{next(names)}"
    if amount > 0:
        ledger.earn(cast[who], Currency.POINTS, amount, key=key, at=clock.now())
    else:
        ledger.spend(cast[who], -amount, key=key, at=clock.now())
    people[who].points += amount


def _tell(cast: dict[int, Member], people: dict[int, Person], who: int, region: str) -> None:
    """Without a region the consent is taken back, and with it goes what was told; a child allows nothing any more."""
    if who not in cast or people[who].is_young:
        return
    if region == YOUNG:
        allowing.give(cast[who].id, Purpose.PROFILE, Way.PROFILE_PAGE, _moment())
        answers.tell(cast[who], {Field.AGE_BAND: [YOUNG]}, _moment())
        people[who].is_young, people[who].region = True, ""
        return
    if region:
        allowing.give(cast[who].id, Purpose.PROFILE, Way.PROFILE_PAGE, _moment())
        answers.tell(cast[who], {Field.REGION: [region]}, _moment())
    else:
        allowing.withdraw(cast[who].id, Purpose.PROFILE, Way.PROFILE_PAGE, _moment())
    people[who].region = region


def _moment() -> datetime:
    """No two of them are the same: facts about one profile in one moment are one fact."""
    return clock.now() + timedelta(microseconds=next(names))


def _track(
    cast: dict[int, Member], people: dict[int, Person], who: int, kind: str, hours: int, evidence: Evidence
) -> None:
    if who in cast:
        moment = clock.now() - timedelta(hours=hours)
        happen(kind, cast[who], moment, evidence, key=f"judge:{next(names)}")
        people[who].facts.append((kind, moment, evidence))
        people[who].points = balance(cast[who], Currency.POINTS)  # what the usual rules give is not judged here


def _erase(cast: dict[int, Member], people: dict[int, Person]) -> None:
    """The youngest leaves."""
    if len(cast) > 2:
        member = cast.pop(len(cast) - 1)
        people.pop(len(people) - 1)
        assert member.user is not None
        user = member.user
        of_segments.erase(user, clock.now())
        leaving.erase(user, clock.now())
