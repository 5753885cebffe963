"""A fact that names another person by a self who is part of somebody by now names that person, also from before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.permissions import Role
from community.loyalty.models import EarningRule
from community.loyalty.rules import versions as rules
from community.loyalty.watching import finding
from community.members.models import Member
from tests.community.loyalty.factories import happen
from tests.community.members.merging.factories import has, make_clerk, merge, split
from tests.factories import NOON, make_fan, make_staff

VISITED = "link.visited"
HOUR = timedelta(hours=1)


def ask_for(**changes: object) -> None:
    """Let the rule that pays for visits of one's link look at who came."""
    found = db.session.scalars(select(EarningRule).where(EarningRule.event_kind == VISITED)).one()
    terms = rules.current(found, NOON)
    assert terms is not None
    free = replace(terms, cooldown=0, cap_per_day=None)
    rules.change(found, replace(free, **changes), by=make_staff(Role.CAMPAIGN_LEAD), at=NOON)  # type: ignore[arg-type]


def visit(owner: Member, by: Member, at: datetime) -> None:
    happen(VISITED, owner, at, by_member_id=by.id)


def test_two_selves_of_one_visitor_are_one_person_for_a_rule_that_asks_for_several(app: Flask) -> None:
    owner, visitor, her_other_self, third = make_fan("茶友"), make_fan(), make_fan("小满在微博"), make_fan("阿木")
    ask_for(people=2)
    visit(owner, her_other_self, NOON + HOUR)
    merge(visitor, her_other_self, make_clerk())

    visit(owner, visitor, NOON + 2 * HOUR)
    assert has(owner) == [(0, 0)]

    visit(owner, third, NOON + 3 * HOUR)
    assert has(owner) == [(5, 5)]


def test_two_selves_of_one_visitor_share_the_cap_of_a_pair(app: Flask) -> None:
    owner, visitor, her_other_self = make_fan("茶友"), make_fan(), make_fan("小满在微博")
    ask_for(cap_per_pair=1)
    visit(owner, her_other_self, NOON + HOUR)
    merged = merge(visitor, her_other_self, make_clerk())

    visit(owner, visitor, NOON + 2 * HOUR)
    assert has(owner) == [(5, 5)]

    split(merged, make_clerk())
    visit(owner, visitor, NOON + 3 * HOUR)
    assert has(owner) == [(10, 10)]


def test_ones_other_self_is_nobody_else(app: Flask) -> None:
    owner, her_other_self, third = make_fan(), make_fan("小满在微博"), make_fan("阿木")
    ask_for(people=2)
    visit(owner, her_other_self, NOON + HOUR)
    merge(owner, her_other_self, make_clerk())

    visit(owner, third, NOON + 2 * HOUR)

    assert has(owner) == [(0, 0)]


def test_whoever_feeds_himself_by_another_name_is_no_ring_and_two_names_do_not_hide_one(app: Flask) -> None:
    first, second, other_name = make_fan("甲"), make_fan("乙"), make_fan("乙的小号")
    for number in range(7):
        at = NOON + 2 * number * HOUR
        visit(first, second if number % 2 else other_name, at)
        visit(second, first, at + HOUR)
    merge(second, other_name, make_clerk())

    found = finding.look(NOON + 20 * HOUR).found

    assert [[suspect.member_id for suspect in one.people] for one in found] == [[first.id, second.id]]
