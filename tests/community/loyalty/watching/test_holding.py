"""What looks wrong is held, and a person decides: nothing is lost before, and nothing is refused by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons import events
from commons.db import db
from commons.events import Event
from commons.permissions import Role
from community.loyalty import accounts, leaving, ledger, why
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.models import Currency, EarningRule, LedgerEntry
from community.loyalty.rules import earning
from community.loyalty.rules import versions as rules
from community.loyalty.rules.verdicts import Verdict
from community.loyalty.watching import finding, holding
from community.loyalty.watching.models import HeldEarning, Outcome, Sign, Suspicion
from community.members.models import Member
from community.notices.models import Notice
from tests.community.loyalty.factories import happen
from tests.factories import NOON, make_circle_post, make_fan, make_staff

HOUR = timedelta(hours=1)
VISITED = "link.visited"


def held(member: Member) -> tuple[int, int]:
    return balance(member, Currency.GROWTH), balance(member, Currency.POINTS)


def visit(owner: Member, by: Member, at: datetime) -> Event:
    return happen(VISITED, owner, at, by_member_id=by.id)


def ring(first: Member, second: Member, since: datetime = NOON) -> list[Event]:
    """Two who open each other's links, and nobody else does: seven times each, 5 growth and 5 points each time."""
    pairs = [(first, second), (second, first)] * 7
    return [visit(owner, by, since + number * HOUR) for number, (owner, by) in enumerate(pairs)]


def found_one(at: datetime = NOON + 20 * HOUR) -> Suspicion:
    looked = finding.look(at)
    assert len(looked.found) == 1
    return looked.found[0]


def test_a_ring_is_found_and_its_points_are_held_but_no_level_falls(app: Flask) -> None:
    first, second = make_fan("甲"), make_fan("乙")
    ring(first, second)
    before = held(first)

    suspicion = found_one()

    assert (suspicion.sign, suspicion.event_kind, suspicion.outcome) == (Sign.RING, VISITED, Outcome.OPEN)
    assert [suspect.member_id for suspect in suspicion.people] == [first.id, second.id]
    assert before == (35, 35)
    assert held(first) == held(second) == (35, 0)
    assert {line.reasons[0].verdict for line in why.history(first).lines} == {Verdict.HELD}
    assert reconcile() == []


def test_each_of_them_is_told_once(app: Flask) -> None:
    first, second = make_fan("甲"), make_fan("乙")
    ring(first, second)
    found_one()
    visit(first, second, NOON + 21 * HOUR)

    finding.look(NOON + 22 * HOUR)

    notices = db.session.scalars(select(Notice).where(Notice.kind == "loyalty.held")).all()
    assert sorted(notice.member_id for notice in notices) == [first.id, second.id]


def test_what_comes_while_it_is_open_is_held_too(app: Flask) -> None:
    first, second, third = make_fan("甲"), make_fan("乙"), make_fan("丙")
    ring(first, second)
    found_one()

    fresh = visit(first, third, NOON + 24 * HOUR)
    happen("interaction.comment", first, NOON + 24 * HOUR)
    earning.read([fresh])

    assert held(first) == (40, 5)
    kept = db.session.scalars(select(HeldEarning).where(HeldEarning.event_id == fresh.id)).one()
    assert (kept.growth, kept.points, kept.was_paid) == (5, 5, False)


def test_held_facts_count_for_the_caps_as_paid_ones_do(app: Flask) -> None:
    first, second, third = make_fan("甲"), make_fan("乙"), make_fan("丙")
    ring(first, second)
    suspicion = found_one()
    day = NOON + 48 * HOUR
    for minute in range(12):
        visit(first, third, day + timedelta(minutes=minute))

    holding.let_pass(suspicion, "Friends.", by=make_staff(Role.CAMPAIGN_LEAD), at=day + HOUR)

    assert held(first) == (35 + 50, 35 + 50)


def test_what_is_let_pass_is_paid_in_full_and_not_suspected_again(app: Flask) -> None:
    first, second, boss = make_fan("甲"), make_fan("乙"), make_staff(Role.CAMPAIGN_LEAD)
    ring(first, second)
    suspicion = found_one()
    fresh = visit(first, second, NOON + 24 * HOUR)

    holding.let_pass(suspicion, "They run a shop together.", by=boss, at=NOON + 25 * HOUR)
    holding.let_pass(suspicion, "They run a shop together.", by=boss, at=NOON + 26 * HOUR)

    assert (held(first), held(second)) == ((40, 40), (35, 35))
    assert {line.reasons[0].verdict for line in why.history(first).lines} == {Verdict.EARNED}
    paid = db.session.scalars(select(LedgerEntry).where(LedgerEntry.event_id == fresh.id)).all()
    assert {(entry.actor_id, entry.occurred_at) for entry in paid} == {(boss.id, NOON + 24 * HOUR)}
    assert finding.look(NOON + 27 * HOUR).found == []
    assert reconcile() == []


def test_what_is_refused_brings_nothing_and_says_why(app: Flask) -> None:
    first, second, boss = make_fan("甲"), make_fan("乙"), make_staff(Role.CAMPAIGN_LEAD)
    ring(first, second)
    suspicion = found_one()
    visit(first, second, NOON + 24 * HOUR)

    holding.refuse(suspicion, "Two accounts of one person.", by=boss, at=NOON + 25 * HOUR)

    assert held(first) == held(second) == (0, 0)
    reasons = [line.reasons[0] for line in why.history(first).lines]
    assert {reason.verdict for reason in reasons} == {Verdict.REFUSED}
    assert "Two accounts of one person." in reasons[0].sentence
    assert reconcile() == []


def test_a_decision_is_on_record_and_the_fans_are_told_the_reason(app: Flask) -> None:
    first, second, boss = make_fan("甲"), make_fan("乙"), make_staff(Role.CAMPAIGN_LEAD)
    ring(first, second)
    suspicion = found_one()

    holding.refuse(suspicion, "Two accounts of one person.", by=boss, at=NOON + 25 * HOUR)

    fact = events.of_subject(suspicion)[0]
    assert (fact.kind, fact.actor_id) == ("loyalty.suspicion_refused", boss.id)
    assert fact.payload["reason"] == "Two accounts of one person."
    told = db.session.scalars(select(Notice).where(Notice.kind == "loyalty.refused")).all()
    assert sorted(notice.member_id for notice in told) == [first.id, second.id]
    assert {notice.details["reason"] for notice in told} == {"Two accounts of one person."}


def test_the_export_of_ones_data_says_what_was_held(app: Flask) -> None:
    first, second, boss = make_fan("甲"), make_fan("乙"), make_staff(Role.CAMPAIGN_LEAD)
    ring(first, second)
    holding.refuse(found_one(), "Two accounts of one person.", by=boss, at=NOON + 25 * HOUR)
    assert first.user is not None

    told = leaving.export(first.user)["loyalty"]["held"]

    assert len(told) == 7
    assert {(one["fact"], one["points"], one["outcome"], one["reason"]) for one in told} == {
        (VISITED, 5, "refused", "Two accounts of one person.")
    }


def test_two_people_cannot_decide_differently(app: Flask) -> None:
    first, second, boss = make_fan("甲"), make_fan("乙"), make_staff(Role.CAMPAIGN_LEAD)
    ring(first, second)
    suspicion = found_one()
    holding.let_pass(suspicion, "Friends.", by=boss, at=NOON + 25 * HOUR)

    with pytest.raises(holding.Decided):
        holding.refuse(suspicion, "No.", by=boss, at=NOON + 25 * HOUR)

    assert held(first) == (35, 35)


def test_points_that_were_spent_already_are_not_taken_below_zero(app: Flask) -> None:
    first, second, boss = make_fan("甲"), make_fan("乙"), make_staff(Role.CAMPAIGN_LEAD)
    ring(first, second)
    ledger.spend(first, 30, key="cup", at=NOON + 15 * HOUR)

    suspicion = found_one()
    assert held(first) == (35, 0)
    holding.let_pass(suspicion, "Friends.", by=boss, at=NOON + 25 * HOUR)

    assert held(first) == (35, 5)
    assert reconcile() == []


def test_a_fact_undone_while_it_is_held_is_not_paid_afterwards(app: Flask) -> None:
    fan, boss = make_fan("甲"), make_staff(Role.CAMPAIGN_LEAD)
    waits = [number * 25 + number % 5 * 4 for number in range(20)]
    said = [happen("interaction.comment", fan, NOON + timedelta(seconds=wait)) for wait in waits]
    suspicion = found_one(NOON + HOUR)

    happen("interaction.withdrawn", fan, NOON + 2 * HOUR, said_event_id=said[0].id)
    holding.let_pass(suspicion, "A live evening.", by=boss, at=NOON + 3 * HOUR)

    assert suspicion.sign is Sign.BURST
    assert held(fan) == (20, 20)
    assert reconcile() == []


def test_a_fact_that_was_held_and_let_pass_is_not_taken_back_by_the_next_look(app: Flask) -> None:
    """It came while the suspicion was open, and no look had pointed at it before somebody decided."""
    first, second, boss = make_fan("甲"), make_fan("乙"), make_staff(Role.CAMPAIGN_LEAD)
    ring(first, second)
    suspicion = found_one()
    for number in range(14):
        owner, by = (first, second) if number % 2 else (second, first)
        visit(owner, by, NOON + timedelta(days=2, hours=number))
    holding.let_pass(suspicion, "They run a shop together.", by=boss, at=NOON + timedelta(days=3))
    before = held(first), held(second)

    finding.look(NOON + timedelta(days=3, hours=1))
    finding.look(NOON + timedelta(days=3, hours=2))

    assert (held(first), held(second)) == before == ((70, 70), (70, 70))
    assert db.session.scalar(select(func.count()).select_from(Suspicion)) == 1
    assert reconcile() == []


def test_what_turned_out_not_to_be_so_while_it_was_held_is_not_paid_afterwards(app: Flask) -> None:
    fan, group, boss = make_fan("甲"), make_circle_post(), make_staff(Role.CAMPAIGN_LEAD)
    rule = db.session.scalars(select(EarningRule).where(EarningRule.code == "group_buy")).one()
    terms = rules.current(rule, NOON)
    assert terms is not None
    rules.change(rule, replace(terms, growth=0, available_after_days=14, cap_per_day=None), by=boss, at=NOON)
    for number in range(13):
        happen("group_buy.joined", fan, NOON + number * HOUR)
    suspicion = found_one()
    events.track("group_buy.joined", key="j", at=NOON + 30 * HOUR, member_id=fan.id, subject=group)
    events.track("group_buy.voided", key="v", at=NOON + 31 * HOUR, member_id=fan.id, subject=group)

    holding.let_pass(suspicion, "All is well.", by=boss, at=NOON + 32 * HOUR)

    assert accounts.pending(fan, Currency.POINTS) == 13 * 10
    assert reconcile() == []
