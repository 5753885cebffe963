"""Loyalty pages: rules, levels, adjustments, reasons."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons import clock
from commons.db import db
from commons.events import Event
from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty.accounts import balance
from community.loyalty.levels.climbing import levels
from community.loyalty.models import Currency, EarningRule, LedgerEntry
from community.loyalty.rules import versions as rules
from tests.community.loyalty.factories import comment
from tests.factories import NOON, make_fan, make_staff, sign_in

TERMS = {
    "active": "y", "growth": "6", "points": "4", "cap_per_day": "3", "cooldown": "60",
    "evidence": "network", "points_last_days": "",
}  # fmt: skip


@pytest.fixture
def lead(app: Flask, client: FlaskClient) -> FlaskClient:
    """A signed-in campaign lead, whose pages are in English, at noon."""
    clock.set_to(NOON)
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    return client


@pytest.fixture
def agent(app: Flask, client: FlaskClient) -> FlaskClient:
    """A service agent, who may read but not change."""
    clock.set_to(NOON)
    sign_in(client, make_staff(Role.SERVICE_AGENT, language="en"))
    return client


def comment_rule() -> EarningRule:
    return db.session.scalars(select(EarningRule).where(EarningRule.code == "comment")).one()


def level_fields(**changes: str) -> dict[str, str]:
    fields = {"period_days": "365"}
    for number, level in enumerate(levels()):
        fields[f"levels-{number}-name_zh"] = level.name.zh
        fields[f"levels-{number}-name_en"] = level.name.en
        fields[f"levels-{number}-threshold"] = str(level.threshold)
        fields[f"levels-{number}-breadth"] = str(level.breadth)
        fields[f"levels-{number}-perks_zh"] = "\n".join(perk["zh"] for perk in level.perks)
        fields[f"levels-{number}-perks_en"] = "\n".join(perk["en"] for perk in level.perks)
    return fields | {key.replace("__", "-"): value for key, value in changes.items()}


def test_a_fan_finds_no_loyalty_page(client: FlaskClient) -> None:
    fan = make_fan()
    sign_in(client, fan.user)

    for path in ("/loyalty", "/loyalty/levels", f"/loyalty/rules/{comment_rule().public_id}"):
        assert client.get(path).status_code == 404


def test_who_may_only_read_changes_nothing(agent: FlaskClient) -> None:
    fan, rule = make_fan(), comment_rule()

    assert agent.get("/loyalty").status_code == 200
    assert "Let it hold" not in agent.get(f"/loyalty/rules/{rule.public_id}").text
    assert "Save levels" not in agent.get("/loyalty/levels").text
    for path in (f"/loyalty/rules/{rule.public_id}", "/loyalty/levels", "/loyalty/check"):
        assert agent.post(path, data=TERMS).status_code == 404
    assert agent.post(f"/loyalty/members/{fan.public_id}/adjust").status_code == 404


def test_who_changes_a_rule_that_somebody_has_changed_meanwhile_is_told_first(lead: FlaskClient) -> None:
    rule, path = comment_rule(), f"/loyalty/rules/{comment_rule().public_id}"
    opened = re.search(r'name="based_on"[^>]*value="(\d+)"', lead.get(path).text)
    assert opened is not None
    based = {"based_on": opened.group(1)}
    lead.post(path, data=TERMS | based)

    late = lead.post(path, data=TERMS | based | {"growth": "7"})
    shown = re.search(r'name="based_on"[^>]*value="(\d+)"', late.text)
    assert shown is not None
    again = lead.post(path, data=TERMS | {"growth": "7", "based_on": shown.group(1)})

    assert (late.status_code, again.status_code) == (409, 303)
    assert "Somebody has changed this rule meanwhile." in late.text
    assert [version.growth for version in rule.versions] == [5, 6, 7]


def test_the_overview_shows_rules_levels_and_the_proof(lead: FlaskClient) -> None:
    ledger.earn(make_fan(), Currency.POINTS, 7, key="a", at=NOON)

    unchecked = lead.get("/loyalty").text
    lead.post("/loyalty/check")
    checked = lead.get("/loyalty").text

    assert "Daily check-in" in unchecked
    assert "Newcomer" in unchecked
    assert "Not checked yet" in unchecked
    assert "The ledger balances" in checked


def test_a_difference_is_shown_on_the_overview(lead: FlaskClient) -> None:
    entry = ledger.earn(make_fan(), Currency.POINTS, 7, key="a", at=NOON)
    entry.account.balance = 8

    answer = lead.post("/loyalty/check", headers={"HX-Request": "true"}).text

    assert "does not balance" in answer
    assert "8 expected, 7 found" in answer


def test_a_change_of_a_rule_is_a_new_version_from_now_on(lead: FlaskClient) -> None:
    rule = comment_rule()

    answer = lead.post(f"/loyalty/rules/{rule.public_id}", data=TERMS)

    assert answer.status_code == 303
    assert [(version.number, version.growth, version.points) for version in rule.versions] == [(1, 5, 5), (2, 6, 4)]
    assert rule.versions[1].starts_at == NOON
    page = lead.get(f"/loyalty/rules/{rule.public_id}").text
    assert "Version 2" in page
    assert "At most 18 growth points and 12 points a day" in page


def test_trying_terms_out_changes_nothing_and_compares(lead: FlaskClient) -> None:
    fan, rule = make_fan(), comment_rule()
    for seconds in range(0, 150, 30):
        comment(fan, NOON.replace(minute=seconds // 60, second=seconds % 60, hour=9))

    page = lead.post(f"/loyalty/rules/{rule.public_id}", data=TERMS | {"preview": "1"}, headers={"HX-Request": "true"})

    assert page.status_code == 200
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page.text)
    assert rows == [("Facts that count", "5 → 3"), ("Growth points", "25 → 18"), ("Points", "25 → 12")]
    assert len(rule.versions) == 1


def test_terms_that_cannot_be_are_refused_in_place(lead: FlaskClient) -> None:
    rule = comment_rule()

    answer = lead.post(f"/loyalty/rules/{rule.public_id}", data=TERMS | {"growth": "-1", "cap_per_day": "0"})

    assert answer.status_code == 422
    assert "not negative" in answer.text
    assert len(rule.versions) == 1


def test_levels_are_changed_and_refused_out_of_order(lead: FlaskClient) -> None:
    renamed = lead.post("/loyalty/levels", data=level_fields(levels__1__name_zh="熟客", levels__1__threshold="40"))
    crossed = lead.post("/loyalty/levels", data=level_fields(levels__2__threshold="30"))
    uneven = lead.post("/loyalty/levels", data=level_fields(levels__1__perks_en="one\ntwo"))

    assert renamed.status_code == 303
    assert (crossed.status_code, uneven.status_code) == (422, 422)
    assert [(level.name.zh, level.threshold) for level in levels()][1:3] == [("熟客", 40), ("圈中人", 200)]
    assert "as many privileges" in uneven.text
    assert "each level needs more growth than the one before" in crossed.text
    assert 'value="30"' in crossed.text


def test_an_adjustment_needs_a_reason_and_happens_once(lead: FlaskClient) -> None:
    fan = make_fan()
    path = f"/loyalty/members/{fan.public_id}/adjust"
    data = {"token": "abc", "currency": "points", "amount": "20", "note": "补发"}

    silent = lead.post(path, data=data | {"note": ""})
    first = lead.post(path, data=data)
    second = lead.post(path, data=data)

    assert (silent.status_code, first.status_code, second.status_code) == (422, 303, 303)
    assert balance(fan, Currency.POINTS) == 20
    facts = db.session.scalars(select(Event).where(Event.kind == "loyalty.adjusted")).all()
    assert [(fact.payload["amount"], fact.payload["note"]) for fact in facts] == [("+20", "补发")]


def test_more_than_there_is_cannot_be_taken_away(lead: FlaskClient) -> None:
    fan = make_fan()

    answer = lead.post(
        f"/loyalty/members/{fan.public_id}/adjust",
        data={"token": "abc", "currency": "points", "amount": "-1", "note": "多发了"},
    )

    assert answer.status_code == 422
    assert "not enough points" in answer.text
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == 0


def test_the_page_of_a_member_gives_the_reason_of_every_line(lead: FlaskClient) -> None:
    fan = make_fan("小满")
    for minute in range(6):
        comment(fan, NOON.replace(minute=minute))

    page = lead.get(f"/loyalty/members/{fan.public_id}").text

    assert page.count("By the rule “Comment”, version 1") == 5
    assert page.count("Capped for that day: the rule “Comment” counts 5 a day (version 1)") == 1
    assert "+5 growth" in page


def test_every_rule_can_be_opened(lead: FlaskClient) -> None:
    for rule in rules.all_rules():
        assert lead.get(f"/loyalty/rules/{rule.public_id}").status_code == 200


def test_the_audit_log_and_the_health_page_hear_of_the_ledger(app: Flask, client: FlaskClient) -> None:
    clock.set_to(NOON)
    boss, fan = make_staff(Role.ADMINISTRATOR, name="老周", language="en"), make_fan()
    sign_in(client, boss)
    client.post(f"/loyalty/rules/{comment_rule().public_id}", data=TERMS)
    path = f"/loyalty/members/{fan.public_id}/adjust"
    client.post(path, data={"token": "t", "currency": "points", "amount": "20", "note": "补发"})
    db.session.scalars(select(LedgerEntry)).one().account.balance = 21
    client.post("/loyalty/check")

    log, health = client.get("/admin/audit").text, client.get("/admin/health").text

    assert "Changed the earning rule Comment; version 2 holds from now on" in log
    assert "Adjusted a fan&#39;s balance by +20: 补发" in log
    assert "The ledger does not balance: 2 differences" in health
