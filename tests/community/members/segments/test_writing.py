"""Making, changing and removing segments, and what is refused with its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from commons import jobs
from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid
from commons.events import Evidence, of_subject
from commons.i18n import Words
from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty import slots as of_loyalty
from community.loyalty.accounts import balance
from community.loyalty.levels.climbing import levels
from community.loyalty.models import Currency
from community.loyalty.rules import versions as earning
from community.loyalty.rules.verdicts import Terms
from community.members.segments import deciding, writing
from community.members.segments.models import Segment, SegmentDue
from community.members.segments.tree import Leaf
from community.members.segments.writing import Draft, MeansEverybody, RefersToItself, StillNeeded
from tests.community.loyalty.factories import comment, happen
from tests.community.members.segments.factories import (
    catch_up,
    every,
    ids_of,
    kept,
    make_segment,
    none,
    one,
    times,
    work_out,
)
from tests.factories import make_fan, make_staff


@pytest.fixture
def lead(app: Flask, at: datetime) -> User:
    return make_staff(Role.CAMPAIGN_LEAD)


def in_segment(segment: Segment) -> Leaf:
    return Leaf("segment", {"segment": segment.id})


def test_a_segment_without_a_condition_is_refused(lead: User, at: datetime) -> None:
    for rules in (every(), every(times("interaction.comment"), one())):
        with force_locale("en"), pytest.raises(Invalid, match="no condition"):
            writing.make(Draft("空", rules), by=lead, at=at)
    assert db.session.scalars(select(Segment)).all() == []


def test_too_many_conditions_are_refused(lead: User, at: datetime) -> None:
    deep = every(times("interaction.comment"))
    for _level in range(5):
        deep = every(deep)

    for rules in (deep, every(*[times("interaction.comment")] * 41)):
        with force_locale("en"), pytest.raises(Invalid, match="too many"):
            writing.make(Draft("深", rules), by=lead, at=at)


def test_a_segment_of_everybody_is_refused_until_that_is_meant(lead: User, at: datetime) -> None:
    fan = make_fan()
    draft = Draft("全部", none(times("interaction.comment")))
    with force_locale("en"), pytest.raises(MeansEverybody, match="Nobody is left out"):
        writing.make(draft, by=lead, at=at)

    segment = writing.make(replace(draft, everybody_is_meant=True), by=lead, at=at)
    work_out(segment, at)

    assert kept(segment) == ids_of(fan)


def test_a_segment_that_asks_about_itself_is_refused(lead: User, at: datetime) -> None:
    first = make_segment(every(times("interaction.comment")), "甲")
    second = make_segment(every(in_segment(first)), "乙")
    third = make_segment(one(in_segment(second), times("interaction.like")), "丙")

    for other in (first, second, third):
        draft = Draft("甲", every(times("interaction.comment"), none(in_segment(other))))
        with force_locale("en"), pytest.raises(RefersToItself, match="about itself"):
            writing.change(first, draft, by=lead, at=at)
    assert first.rules == every(times("interaction.comment"))


def test_a_change_reaches_the_segments_that_ask_about_it(lead: User, at: datetime) -> None:
    fan = make_fan()
    inner = make_segment(every(times("interaction.comment")), "甲")
    outer = make_segment(every(in_segment(inner)), "乙")
    outermost = make_segment(none(in_segment(outer)), "丙")
    assert kept(outermost) == ids_of(fan)
    writing.change(inner, Draft("甲", every(times("interaction.like"))), by=lead, at=at)
    for segment in (inner, outer, outermost):
        work_out(segment, at)

    assert outermost.follows == ["interaction.like"]
    happen("interaction.like", fan, at)
    catch_up(at)

    assert kept(inner) == kept(outer) == ids_of(fan)
    assert kept(outermost) == set()


def test_the_same_again_changes_nothing(lead: User, at: datetime) -> None:
    segment = make_segment(every(times("interaction.comment")))
    before = segment.round

    assert not writing.change(segment, Draft("常来的人", every(times("interaction.comment"))), by=lead, at=at)
    assert writing.change(segment, Draft("常客", every(times("interaction.comment"))), by=lead, at=at)

    assert segment.round == before
    assert segment.name == "常客"


def test_what_is_needed_is_not_removed(lead: User, at: datetime) -> None:
    inner = make_segment(every(times("interaction.comment")), "甲")
    outer = make_segment(every(in_segment(inner)), "乙")
    with pytest.raises(StillNeeded, match="乙"):
        writing.remove(inner, by=lead, at=at)

    writing.remove(outer, by=lead, at=at)
    writing.remove(inner, by=lead, at=at)
    writing.remove(inner, by=lead, at=at)

    assert inner.removed_at == at
    assert db.session.scalars(Segment.visible_to(lead)).all() == []


def test_a_rule_that_pays_only_a_segment_asks_about_it(lead: User, at: datetime) -> None:
    fan, other = make_fan("小满"), make_fan("阿木")
    comment(fan, at)
    segment = make_segment(every(times("interaction.comment")), "评论过的人")
    terms = Terms(
        growth=0, points=7, cap_per_day=None, cooldown=0, evidence=Evidence.SELF_DECLARED, segment_id=segment.id
    )
    rule = earning.make("interaction.share", Words("分享", "Sharing"), terms, by=lead, at=at)
    for member in (fan, other):
        happen("interaction.share", member, at)

    gain = balance(fan, Currency.POINTS) - balance(other, Currency.POINTS)
    assert gain >= 7
    assert (segment.id, "评论过的人") in [choice for plug in of_loyalty.segment_choices for choice in plug()]
    with pytest.raises(StillNeeded, match=str(rule.name)):
        writing.remove(segment, by=lead, at=at)


@pytest.mark.parametrize(("how", "expected"), [("at_least", {1, 2}), ("exactly", {1}), ("at_most", {0, 1})])
def test_the_level_is_a_condition(lead: User, at: datetime, how: str, expected: set[int]) -> None:
    known = levels()
    fans = [make_fan(f"粉丝{number}") for number in range(3)]
    for number, fan in enumerate(fans):
        ledger.earn(fan, Currency.GROWTH, known[number].threshold + 1, key=f"up{number}", at=at)
    segment = make_segment(every(Leaf("level", {"how": how, "level": known[1].public_id})))

    assert kept(segment) == {fans[number].id for number in expected}

    ledger.earn(fans[0], Currency.GROWTH, known[2].threshold, key="more", at=at)
    catch_up(at)
    assert (fans[0].id in kept(segment)) is (how == "at_least")


def test_a_change_deep_inside_reaches_whoever_asks_in_two_ways(lead: User, at: datetime) -> None:
    inner = make_segment(every(times("interaction.comment")), "丙")
    through = make_segment(every(in_segment(inner)), "乙")
    both_ways = make_segment(one(in_segment(inner), in_segment(through)), "甲")

    writing.change(inner, Draft("丙", every(times("interaction.like"))), by=lead, at=at)

    assert inner.follows == through.follows == both_ways.follows == ["interaction.like"]


def test_a_segment_that_is_gone_cannot_be_asked_about(lead: User, at: datetime) -> None:
    gone = make_segment(every(times("interaction.comment")), "甲")
    writing.remove(gone, by=lead, at=at)

    with force_locale("en"), pytest.raises(Invalid, match="no longer there"):
        writing.make(Draft("乙", every(in_segment(gone))), by=lead, at=at)


@pytest.mark.parametrize(("how", "expected"), [("at_least", {2, 3}), ("at_most", {0, 1, 2})])
def test_points_are_a_condition_that_is_followed(lead: User, at: datetime, how: str, expected: set[int]) -> None:
    fans = [make_fan(f"粉丝{number}") for number in range(4)]
    for number, points in enumerate((0, 40, 50, 60)):
        if points:
            ledger.earn(fans[number], Currency.POINTS, points, key=f"up{number}", at=at)
    segment = make_segment(every(Leaf("points", {"how": how, "points": 50})))
    assert kept(segment) == {fans[number].id for number in expected}

    ledger.spend(fans[3], 20, key="spent", at=at)
    ledger.adjust(fans[0], Currency.POINTS, 70, key="more", by=lead, at=at, note="补发")
    ledger.earn(fans[1], Currency.POINTS, 30, key="later", at=at, available_at=at + timedelta(days=7))
    catch_up(at)

    wanted = {0, 2} if how == "at_least" else {1, 2, 3}
    assert kept(segment) == {fans[number].id for number in wanted}
    ledger.transfer_all(fans[0].id, fans[1].id, key="one", at=at)
    catch_up(at)
    assert (fans[0].id in kept(segment), fans[1].id in kept(segment)) == (how == "at_most", how == "at_least")


def test_points_that_become_available_by_themselves_are_followed(lead: User, at: datetime) -> None:
    fan = make_fan()
    segment = make_segment(every(Leaf("points", {"how": "at_least", "points": 50})))
    ledger.earn(fan, Currency.POINTS, 50, key="later", at=at, available_at=at + timedelta(days=7))
    catch_up(at)
    assert kept(segment) == set()

    jobs.drain(at + timedelta(days=7))

    assert kept(segment) == ids_of(fan)


def test_points_mark_nobody_where_no_segment_asks_for_them(lead: User, at: datetime) -> None:
    make_segment(every(times("interaction.comment")))
    catch_up(at)

    ledger.earn(make_fan(), Currency.POINTS, 50, key="a", at=at)

    kinds = set(db.session.scalars(select(SegmentDue.kind)))
    assert kinds == {"member.joined"}


def test_everybody_is_only_supposed_where_not_all_were_asked(
    lead: User, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deciding, "EXACT_UP_TO", 2)
    for number in range(4):
        make_fan(f"粉丝{number}")

    with force_locale("en"), pytest.raises(MeansEverybody, match="of one member in 2 all fit"):
        writing.make(Draft("全部", none(times("interaction.comment"))), by=lead, at=at)


def test_an_act_stands_in_the_log(lead: User, at: datetime) -> None:
    segment = make_segment(every(times("interaction.comment")))
    writing.remove(segment, by=lead, at=at)

    assert [fact.kind for fact in of_subject(segment)] == ["segment.made", "segment.removed"]
