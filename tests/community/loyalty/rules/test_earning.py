"""From facts to entries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event as listening
from sqlalchemy import func, select

from commons import events
from commons.admin import brand
from commons.db import db
from commons.events import Event, Evidence
from commons.permissions import Role
from community.loyalty import why
from community.loyalty.accounts import balance
from community.loyalty.books.reconciling import reconcile
from community.loyalty.models import Currency, EarningRule, EntryKind, LedgerEntry
from community.loyalty.rules import earning
from community.loyalty.rules import versions as rules
from community.loyalty.rules.verdicts import Terms, Verdict
from community.members.models import Member
from tests.community.loyalty.factories import comment, happen
from tests.factories import NOON, make_fan, make_staff

MINUTE = timedelta(minutes=1)


def held(member: Member) -> tuple[int, int]:
    return balance(member, Currency.GROWTH), balance(member, Currency.POINTS)


def terms_of(code: str, at: datetime = NOON) -> tuple[EarningRule, Terms]:
    rule = db.session.scalars(select(EarningRule).where(EarningRule.code == code)).one()
    terms = rules.current(rule, at)
    assert terms is not None
    return rule, terms


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    listening.listen(db.engine, "before_cursor_execute", note)
    yield seen
    listening.remove(db.engine, "before_cursor_execute", note)


def test_a_comment_earns_growth_and_points_with_its_reason(app: Flask) -> None:
    fan = make_fan()

    fact = comment(fan, NOON)

    assert held(fan) == (5, 5)
    entries = db.session.scalars(select(LedgerEntry).where(LedgerEntry.event_id == fact.id)).all()
    assert {entry.key for entry in entries} == {f"comment:{fact.id}:growth", f"comment:{fact.id}:points"}
    assert {entry.rule_version.number for entry in entries if entry.rule_version} == {1}
    assert {(entry.occurred_at, entry.recorded_at) for entry in entries} == {(NOON, fact.recorded_at)}


def test_the_usual_rules_pay_what_they_say(app: Flask) -> None:
    paid = {
        "interaction.comment": 5, "circle.checked_in": 2, "link.visited": 5, "interaction.share": 1,
        "group_buy.joined": 10, "mission.fulfilled": 20, "interaction.like": 0,
    }  # fmt: skip

    for number, (kind, amount) in enumerate(paid.items()):
        fan = make_fan(f"粉丝{number}")
        happen(kind, fan, NOON)
        assert held(fan) == (amount, amount), kind


def test_replaying_a_fact_changes_nothing(app: Flask) -> None:
    fan = make_fan()
    facts = [comment(fan, NOON + number * MINUTE) for number in range(3)]
    before = db.session.scalar(select(func.count()).select_from(LedgerEntry))

    events.tell(facts)
    earning.read(facts + facts)

    assert held(fan) == (15, 15)
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == before


def test_the_same_fact_twice_in_one_batch_earns_once(app: Flask) -> None:
    fan = make_fan()
    fact = written(fan, [NOON])[0]

    earning.read([fact, fact])

    assert held(fan) == (5, 5)


def test_a_day_pays_no_more_than_its_cap(app: Flask) -> None:
    fan = make_fan()

    for number in range(8):
        comment(fan, NOON + number * MINUTE)

    assert held(fan) == (25, 25)


def test_the_next_day_begins_at_midnight_where_the_brand_is_at_home(app: Flask) -> None:
    fan = make_fan(zone="Europe/London")
    before_midnight = datetime.fromisoformat("2026-03-01T15:50:00+00:00")

    for number in range(7):
        comment(fan, before_midnight + number * MINUTE)
    assert held(fan) == (25, 25)
    comment(fan, before_midnight + 10 * MINUTE)

    assert held(fan) == (30, 30)


def test_who_changes_the_own_zone_begins_no_new_day(app: Flask) -> None:
    fan = make_fan(zone="Asia/Shanghai")
    for number in range(5):
        comment(fan, NOON + number * MINUTE)

    for number, zone in enumerate(("Asia/Kolkata", "Pacific/Auckland", "America/New_York"), start=10):
        assert fan.user is not None
        fan.user.zone = zone
        comment(fan, NOON + number * MINUTE)

    assert held(fan) == (25, 25)
    assert [line.reasons[0].verdict for line in why.history(fan).lines[:3]] == [Verdict.CAPPED] * 3


def test_the_brand_may_be_at_home_elsewhere(app: Flask) -> None:
    brand.shown().zone = "UTC"
    fan = make_fan()
    before_midnight = datetime.fromisoformat("2026-03-01T23:50:00+00:00")

    for number in range(7):
        comment(fan, before_midnight + number * MINUTE)
    comment(fan, before_midnight + 10 * MINUTE)

    assert held(fan) == (30, 30)


def test_a_second_comment_within_the_cooldown_earns_nothing(app: Flask) -> None:
    fan = make_fan()

    comment(fan, NOON)
    comment(fan, NOON + timedelta(seconds=19))
    comment(fan, NOON + timedelta(seconds=20))

    assert held(fan) == (10, 10)


def test_weak_evidence_earns_nothing(app: Flask) -> None:
    fan = make_fan()

    happen("link.visited", fan, NOON, Evidence.SELF_DECLARED)
    happen("link.visited", fan, NOON, Evidence.TRACKED_LINK)

    assert held(fan) == (5, 5)


def test_a_fact_falls_under_the_version_of_its_own_time(app: Flask) -> None:
    fan, boss = make_fan(), make_staff(Role.CAMPAIGN_LEAD)
    rule, terms = terms_of("comment")

    version = rules.change(rule, replace(terms, growth=1, points=0), by=boss, at=NOON)
    late = comment(fan, NOON - MINUTE)
    fresh = comment(fan, NOON)

    assert version is not None
    assert held(fan) == (6, 5)
    numbers = {
        entry.event_id: entry.rule_version.number
        for entry in db.session.scalars(select(LedgerEntry))
        if entry.rule_version is not None
    }
    assert (numbers[late.id], numbers[fresh.id]) == (1, 2)


def test_a_rule_that_is_switched_off_pays_no_more(app: Flask) -> None:
    fan, boss = make_fan(), make_staff(Role.CAMPAIGN_LEAD)
    rule, terms = terms_of("comment")

    rules.change(rule, replace(terms, active=False), by=boss, at=NOON)
    comment(fan, NOON)

    assert held(fan) == (0, 0)


def test_changing_nothing_makes_no_version(app: Flask) -> None:
    boss = make_staff(Role.CAMPAIGN_LEAD)
    rule, terms = terms_of("comment")

    assert rules.change(rule, terms, by=boss, at=NOON) is None
    assert [version.number for version in rule.versions] == [1]


def test_a_change_of_a_rule_is_on_record(app: Flask) -> None:
    boss = make_staff(Role.CAMPAIGN_LEAD)
    rule, terms = terms_of("comment")

    rules.change(rule, replace(terms, cap_per_day=3), by=boss, at=NOON)

    fact = events.of_subject(rule)[0]
    assert (fact.kind, fact.actor_id) == ("loyalty.rule_changed", boss.id)
    assert (fact.payload["before"]["cap_per_day"], fact.payload["after"]["cap_per_day"]) == (5, 3)


def test_points_expire_when_the_rule_says_so_and_growth_does_not(app: Flask) -> None:
    fan, boss = make_fan(), make_staff(Role.CAMPAIGN_LEAD)
    rule, terms = terms_of("comment")
    rules.change(rule, replace(terms, points_last_days=30), by=boss, at=NOON)

    comment(fan, NOON)
    earning.ledger.expire_due(NOON + timedelta(days=30))

    assert held(fan) == (5, 0)
    assert reconcile() == []


def test_leaving_a_group_buy_takes_back_what_joining_earned(app: Flask) -> None:
    fan = make_fan()
    joined = happen("group_buy.joined", fan, NOON)
    comment(fan, NOON)

    left = happen("group_buy.left", fan, NOON + MINUTE, joined_event_id=joined.id)
    earning.read([left])

    assert held(fan) == (5, 5)
    undone = db.session.scalars(select(LedgerEntry).where(LedgerEntry.event_id == left.id)).all()
    assert {(entry.kind, entry.amount) for entry in undone} == {(EntryKind.REVERSE, -10)}
    assert reconcile() == []


def test_nobody_takes_back_what_another_earned(app: Flask) -> None:
    fan, other = make_fan(), make_fan("别人")
    joined = happen("group_buy.joined", fan, NOON)

    happen("group_buy.left", other, NOON + MINUTE, joined_event_id=joined.id)

    assert held(fan) == (10, 10)


def test_joining_again_after_leaving_earns_again(app: Flask) -> None:
    fan = make_fan()
    joined = happen("group_buy.joined", fan, NOON)
    happen("group_buy.left", fan, NOON + MINUTE, joined_event_id=joined.id)

    happen("group_buy.joined", fan, NOON + 2 * MINUTE)

    assert held(fan) == (10, 10)


def test_a_batch_gives_what_its_facts_give_one_by_one(app: Flask) -> None:
    one_by_one, at_once = make_fan(), make_fan("阿木")
    moments = [NOON + timedelta(seconds=13 * number) for number in range(40)]

    for moment in moments:
        comment(one_by_one, moment)
    earning.read(written(at_once, moments))

    assert held(at_once) == held(one_by_one) == (25, 25)


def test_a_long_list_of_facts_needs_few_queries(app: Flask) -> None:
    fans = [make_fan(f"粉丝{number}") for number in range(30)]
    facts = [fact for fan in fans for fact in written(fan, [NOON + number * MINUTE for number in range(4)])]

    with counted() as statements:
        earning.read(facts)

    assert held(fans[-1]) == (20, 20)
    assert len(statements) < 20
    assert reconcile() == []


def written(member: Member, moments: list[datetime]) -> list[Event]:
    """Facts as a bulk writer makes them: nobody has been told yet."""
    facts = [
        Event(
            kind="interaction.comment",
            member_id=member.id,
            evidence=Evidence.NETWORK,
            occurred_at=moment,
            recorded_at=NOON,
            payload={},
            key=f"bulk:{member.id}:{moment.isoformat()}",
        )
        for moment in moments
    ]
    db.session.add_all(facts)
    db.session.flush()
    return facts
