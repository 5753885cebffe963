"""Rules made in a form, tried out first, and refused where they would pay for praise."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from commons import clock
from commons.db import db
from commons.events import Evidence
from commons.i18n import Words
from commons.permissions import Role
from commons.slots import Slot
from community.loyalty import slots
from community.loyalty.accounts import balance
from community.loyalty.models import Currency, EarningRule, LedgerEntry
from community.loyalty.rules import fairness
from community.loyalty.rules import versions as rules
from community.loyalty.rules.limits import limits
from community.loyalty.rules.verdicts import Terms
from tests.community.loyalty.factories import comment, happen
from tests.factories import NOON, make_fan, make_staff, sign_in

MENTION = "/loyalty/rules/new/interaction.mention"
FIELDS = {
    "name_zh": "提及我们", "name_en": "Mention us", "active": "y", "growth": "6", "points": "4", "cap_per_day": "3",
    "cooldown": "60", "evidence": "network",
}  # fmt: skip
GAINED = re.compile(r">(话.)</a>.*?Growth points \d+ → (\d+) · Points \d+ → (\d+)<", re.DOTALL)


@pytest.fixture
def lead(app: Flask, client: FlaskClient) -> FlaskClient:
    """A signed-in campaign lead, whose pages are in English, at noon."""
    clock.set_to(NOON)
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    return client


def made() -> EarningRule:
    return db.session.scalars(select(EarningRule).where(EarningRule.code.like("rule-%"))).one()


def number_of_rules() -> int:
    return db.session.scalar(select(func.count()).select_from(EarningRule)) or 0


def test_a_rule_made_in_the_form_pays_from_then_on(lead: FlaskClient) -> None:
    fan = make_fan()
    happen("interaction.mention", fan, NOON.replace(hour=11))

    answer = lead.post(MENTION, data=FIELDS)
    happen("interaction.mention", fan, NOON.replace(hour=13))

    assert answer.status_code == 303
    assert (balance(fan, Currency.GROWTH), balance(fan, Currency.POINTS)) == (6, 4)
    page = lead.get(f"/loyalty/rules/{made().public_id}").text
    assert "Mention us" in page
    assert "3 a day" in page


def test_every_limit_of_the_form_becomes_one_of_the_rule(lead: FlaskClient) -> None:
    happen("interaction.mention", make_fan(), NOON, title="春茶")
    more = {
        "cap_per_week": "9", "cap_per_person": "50", "cap_per_pair": "2", "people": "3", "people_days": "2",
        "people_within": "14", "cap_tracked_link": "2", "cap_self_declared": "1", "first_day": "2026-03-01",
        "last_day": "2026-03-31", "points_last_days": "365", "available_after_days": "7", "allow_negative": "y",
        "only_field": "title", "only_value": "春茶",
    }  # fmt: skip

    assert lead.post(MENTION, data=FIELDS | more).status_code == 303

    terms = rules.current(made(), NOON)
    assert terms is not None
    assert (terms.cap_per_day, terms.cap_per_week, terms.cap_per_person, terms.cap_per_pair) == (3, 9, 50, 2)
    assert (terms.people, terms.people_days, terms.people_within) == (3, 2, 14)
    assert dict(terms.evidence_caps) == {"tracked_link": 2, "self_declared": 1}
    assert (terms.points_last_days, terms.available_after_days, terms.allow_negative) == (365, 7, True)
    assert (dict(terms.only), terms.segment_id) == ({"title": "春茶"}, None)
    with lead.application.test_request_context(headers={"Accept-Language": "en"}):
        assert limits(terms) == [
            "only where Title is “春茶”", "3 a day", "2 a day by a tracked link or weaker",
            "1 a day by one's own word or weaker", "9 a week", "2 a week for a pair", "50 times for one person",
            "from 3 people on 2 days within 14 days", "60 seconds apart", "from 1 Mar 2026", "until 31 Mar 2026",
            "points last 365 days", "pending for 7 days", "may be taken back below zero",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name_en": ""}, "Please fill this in"),
        ({"growth": "-1"}, "not negative"),
        ({"cap_per_week": "0"}, "Enter a number from 1 to 10000, or nothing."),
        ({"first_day": "2026-03-05", "last_day": "2026-03-01"}, "lies before the first"),
        ({"cap_self_declared": "5"}, "Weaker evidence cannot count more often"),
        ({"people": "2", "people_days": "31", "people_within": "30"}, "not so many days"),
        ({"only_field": "nonsense", "only_value": "x"}, "Not a valid choice"),
        ({"try_first": "2024-01-01", "try_last": "2026-03-01"}, "one year at most"),
    ],
)
def test_a_form_that_cannot_be_is_refused_in_place(lead: FlaskClient, wrong: dict[str, str], said: str) -> None:
    before = number_of_rules()

    answer = lead.post(MENTION, data=FIELDS | wrong)

    assert answer.status_code == 422
    assert said in answer.text
    assert number_of_rules() == before


def test_a_reward_for_likes_of_the_brand_is_refused_with_the_reason(lead: FlaskClient) -> None:
    before = number_of_rules()

    answer = lead.post("/loyalty/rules/new/interaction.like", data=FIELDS)

    assert answer.status_code == 422
    assert "Likes of the brand are not bought" in answer.text
    assert number_of_rules() == before


def test_a_reward_for_a_given_rating_is_refused_with_the_reason(lead: FlaskClient) -> None:
    happen("interaction.mention", make_fan(), NOON, rating=5)

    answer = lead.post(MENTION, data=FIELDS | {"only_field": "rating", "only_value": "5"})

    assert answer.status_code == 422
    assert "must not pay for a given rating" in answer.text


@pytest.mark.parametrize(
    "kind",
    [
        "level.reached",
        "loyalty.adjusted",
        "badge.granted",
        "reward.redeemed",
        "penalty.given",
        "group_buy.left",
        "interaction.like",
        "review.rating",
    ],
)
def test_what_no_rule_may_pay_for_is_refused_in_the_domain(app: Flask, kind: str) -> None:
    terms = Terms(growth=1, points=1, cap_per_day=1, cooldown=0, evidence=Evidence.NETWORK)

    with pytest.raises(fairness.Unfair):
        rules.make(kind, made_name(), terms, by=make_staff(Role.CAMPAIGN_LEAD), at=NOON)


def made_name() -> Words:
    return Words("名", "Name")


def test_a_change_towards_a_rating_is_refused_too(app: Flask) -> None:
    rule = db.session.scalars(select(EarningRule).where(EarningRule.code == "comment")).one()
    terms = Terms(growth=1, points=1, cap_per_day=1, cooldown=0, evidence=Evidence.NETWORK, only={"stars": "5"})

    with pytest.raises(fairness.Unfair):
        rules.change(rule, terms, by=make_staff(Role.CAMPAIGN_LEAD), at=NOON)
    assert len(rule.versions) == 1


def test_the_list_of_facts_says_why_some_cannot_be_paid(lead: FlaskClient) -> None:
    happen("interaction.mention", make_fan(), NOON)

    page = lead.get("/loyalty/rules/new").text

    assert "/loyalty/rules/new/interaction.mention" in page
    assert "/loyalty/rules/new/interaction.like" not in page
    assert "Likes of the brand are not bought" in page
    assert "feed on itself" in page


def test_a_kind_that_nobody_knows_is_refused(lead: FlaskClient) -> None:
    assert lead.get("/loyalty/rules/new/no.such").status_code == 422
    assert lead.post("/loyalty/rules/new/no.such", data=FIELDS).status_code == 422


def test_who_may_only_read_makes_no_rule(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_staff(Role.SERVICE_AGENT))

    assert client.get("/loyalty/rules/new").status_code == 404
    assert client.post(MENTION, data=FIELDS).status_code == 404
    assert client.post("/loyalty/rules/try.csv", data=FIELDS).status_code == 404


def test_the_segment_is_asked_for_only_where_there_are_segments(
    lead: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "segment_choices", Slot("nobody brings segments"))
    without = lead.get(MENTION).text
    choices: Slot[Any] = Slot("for this test")
    choices.plug(lambda: [(7, "Tea lovers")])
    inside: Slot[Any] = Slot("for this test")
    inside.plug(lambda _segment_id, member_ids: set(member_ids))
    monkeypatch.setattr(slots, "segment_choices", choices)
    monkeypatch.setattr(slots, "in_segment", inside)

    answer = lead.post(MENTION, data=FIELDS | {"segment": "7"})

    assert "Tea lovers" in lead.get(MENTION).text
    assert "For whom" not in without
    assert answer.status_code == 303
    assert [version.segment_id for version in made().versions] == [7]
    assert "only for “Tea lovers”" in lead.get(f"/loyalty/rules/{made().public_id}").text


def test_a_dry_run_names_who_gains_and_who_loses_page_by_page(lead: FlaskClient) -> None:
    rule = db.session.scalars(select(EarningRule).where(EarningRule.code == "comment")).one()
    for number in range(23):
        comment(make_fan(f"粉丝{number:02}"), NOON.replace(hour=9))
    busy = make_fan("话多")
    for minute in range(5):
        comment(busy, NOON.replace(hour=10, minute=minute))
    path = f"/loyalty/rules/{rule.public_id}"
    data = {"active": "y", "growth": "7", "points": "5", "cap_per_day": "1", "cooldown": "0", "evidence": "network"}
    data |= {"preview": "1", "try_first": "2026-03-01", "try_last": "2026-03-01"}

    first = lead.post(path, data=data).text
    second = lead.post(path, data=data | {"look": "gain", "page": "3"}).text
    losing = lead.post(path, data=data | {"look": "lose"}, headers={"HX-Request": "true"}).text

    assert (first.count("粉丝"), second.count("粉丝"), losing.count("粉丝")) == (10, 3, 0)
    assert "Gain: 23" in first
    assert "Lose: 1" in first
    assert "Capped for that day: 4" in first
    assert "话多" in losing
    assert "-18 growth" in losing
    assert db.session.scalar(select(func.count()).select_from(LedgerEntry)) == 2 * 28
    assert len(rule.versions) == 1


def test_what_the_page_of_a_dry_run_says_is_what_happens_once_the_terms_hold(lead: FlaskClient) -> None:
    rule = db.session.scalars(select(EarningRule).where(EarningRule.code == "comment")).one()
    fans = {name: make_fan(name) for name in ("话多", "话少")}

    def a_day(day: datetime) -> dict[str, tuple[int, int]]:
        """What each of them has after the same day once more."""
        for minute in range(6):
            comment(fans["话多"], day + timedelta(minutes=minute))
        comment(fans["话少"], day)
        return {name: (balance(fan, Currency.GROWTH), balance(fan, Currency.POINTS)) for name, fan in fans.items()}

    before = a_day(NOON - timedelta(hours=2))
    data = {"active": "y", "growth": "4", "points": "9", "cap_per_day": "3", "cooldown": "0", "evidence": "network"}
    tried = {"preview": "1", "try_first": "2026-03-01", "try_last": "2026-03-01"}
    path = f"/loyalty/rules/{rule.public_id}"
    pages = [lead.post(path, data=data | tried | {"look": look}).text for look in ("gain", "lose")]
    lead.post(path, data=data)
    after = a_day(NOON + timedelta(days=1))

    told = {name: (int(growth), int(points)) for page in pages for name, growth, points in GAINED.findall(page)}
    assert told == {"话多": (12, 27), "话少": (4, 9)}
    assert told == {name: (after[name][0] - before[name][0], after[name][1] - before[name][1]) for name in fans}


def test_a_dry_run_goes_out_as_a_file(lead: FlaskClient) -> None:
    rule = db.session.scalars(select(EarningRule).where(EarningRule.code == "comment")).one()
    fan = make_fan("=阿木")
    comment(fan, NOON.replace(hour=9))
    data = {"active": "y", "growth": "9", "points": "0", "cooldown": "0", "evidence": "network", "rule": rule.public_id}

    answer = lead.post("/loyalty/rules/try.csv", data=data, buffered=True)

    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert answer.headers["Content-Disposition"] == "attachment; filename=dry-run-20260301.csv"
    assert rows[1:] == [["'=阿木", fan.public_id, "5", "9", "4", "5", "0", "-5"]]


def test_the_pager_of_a_dry_run_sends_the_form_as_it_was(lead: FlaskClient) -> None:
    comment(make_fan(), NOON.replace(hour=9))
    rule = db.session.scalars(select(EarningRule).where(EarningRule.code == "comment")).one()
    data = {"active": "y", "growth": "9", "points": "5", "cooldown": "0", "evidence": "network", "preview": "1"}

    page = lead.post(f"/loyalty/rules/{rule.public_id}", data=data).text

    kept = re.findall(r'<input type="hidden" name="growth" value="(\d+)">', page)
    assert kept == ["9", "9", "9"]
