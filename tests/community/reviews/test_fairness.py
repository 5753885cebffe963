"""What no word list, no clause and no version of the standard may do: get criticism refused for being criticism."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from commons.i18n import Words
from commons.permissions import Role
from community.reviews import fairness, standard, thresholds
from community.reviews.checks import Terms
from community.reviews.clauses import CLAUSES
from community.reviews.fairness import Unfair
from community.reviews.standard import Wording
from tests.community.reviews.factories import hand_in, review_order, reviewer
from tests.factories import NOON, make_fan, make_staff, sign_in

PROMISE = Wording("1.1", Words("批评照登", "Criticism stays"), Words("批评照登。", "Criticism stays."), grounds=False)


@pytest.fixture
def desk(app: Flask, client: FlaskClient) -> FlaskClient:
    clock.set_to(NOON)
    sign_in(client, make_staff(Role.SOCIAL_MANAGER, language="en"))
    return client


def test_what_every_house_starts_with_is_fair(app: Flask) -> None:
    fairness.check_terms(Terms())
    for clause in CLAUSES:
        fairness.check_clause(clause.title, clause.text, grounds=clause.grounds)
    fairness.check_version(standard.current())


@pytest.mark.parametrize(
    "changes",
    [
        {"insults": ("失望",)},
        {"insults": ("差",)},
        {"contacts": ("退 款",)},
        {"contacts": ("REFUND",)},
        {"insults": ("坑人",), "critical_words": (*Terms().critical_words, "坑人")},
        {"critical_words": ()},
        {"critical_words": Terms().critical_words[1:]},
    ],
)
def test_a_list_that_points_at_criticism_or_protects_less_of_it_is_refused(app: Flask, changes: dict[str, Any]) -> None:
    with pytest.raises(Unfair):
        thresholds.change(replace(Terms(), **changes), 0, by=reviewer(), at=NOON)
    assert thresholds.number() == 0


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (Words("不发负面内容", "Nothing negative"), Words("不发。", "Do not.")),
        (Words("和气", "Harmony"), Words("不要吐槽产品。", "Be nice.")),
        (Words("和气", "Harmony"), Words("好好说。", "No bad reviews, no complaints.")),
    ],
)
def test_a_clause_against_judging_us_cannot_be_cited_against_anybody(app: Flask, title: Words, text: Words) -> None:
    draft = standard.begin(NOON)

    with pytest.raises(Unfair):
        standard.write(draft, Wording("7.1", title, text, grounds=True))
    assert standard.write(draft, Wording("7.1", title, text, grounds=False)).number == "7.1"


@pytest.mark.parametrize("way", ["struck", "turned against people", "numbered otherwise"])
def test_no_version_comes_into_force_without_the_promise_that_criticism_stays(app: Flask, way: str) -> None:
    draft = standard.begin(NOON)
    promise = next(clause for clause in draft.clauses if clause.number == fairness.CRITICISM_STAYS)
    if way == "struck":
        standard.strike(promise)
    elif way == "numbered otherwise":
        standard.write(draft, replace(PROMISE, number="1.9"), promise)
    else:
        promise.grounds = True

    with pytest.raises(Unfair):
        standard.publish(draft, Words("改", "Changed"), by=reviewer(), at=NOON)
    assert standard.current().number == 1


def test_the_promise_may_be_worded_anew(app: Flask) -> None:
    draft = standard.begin(NOON)
    promise = next(clause for clause in draft.clauses if clause.number == fairness.CRITICISM_STAYS)
    standard.write(draft, PROMISE, promise)

    standard.publish(draft, Words("改", "Changed"), by=reviewer(), at=NOON)

    assert standard.current().number == 2


def test_praise_and_blame_wait_for_the_same_reason_and_as_long(app: Flask) -> None:
    praise, blame = review_order(make_fan("甲"), 5, "很好用。"), review_order(make_fan("乙"), 1, "漏水，太差。")

    assert (praise.wait, praise.due_at, praise.findings) == (blame.wait, blame.due_at, blame.findings)
    assert (praise.critical, blame.critical) == (False, True)


def test_the_form_says_why_and_keeps_what_was_entered(desk: FlaskClient) -> None:
    numbers = {name: str(getattr(Terms(), name)) for name in thresholds.NUMBERS}
    lists = {name: "\n".join(getattr(Terms(), name)) for name in thresholds.LISTS}
    data = numbers | lists | {"since": "0", "insults": "失望\n老板是猪"}

    answer = desk.post("/reviews/thresholds", data=data)

    assert answer.status_code == 422
    assert "would point at criticism" in answer.text
    assert "老板是猪" in answer.text
    assert thresholds.number() == 0
    assert hand_in(make_fan(), "很失望，老板是猪。").findings == []


def test_a_version_without_the_promise_is_refused_on_the_page(desk: FlaskClient) -> None:
    draft = standard.begin(NOON)
    standard.strike(next(clause for clause in draft.clauses if clause.number == fairness.CRITICISM_STAYS))

    answer = desk.post("/reviews/standard/publish", data={"note_zh": "改", "note_en": "Changed the promises"})

    assert answer.status_code == 422
    assert "binds us in every version" in answer.text
    assert "Changed the promises" in answer.text


def test_no_rule_of_a_circle_is_about_judging_us(desk: FlaskClient) -> None:
    data = {
        "name_zh": "茶席", "name_en": "Tea", "about_zh": "喝茶", "about_en": "Tea", "symbol": "mug",
        "rules_zh": "好好说话\n不许吐槽产品", "rules_en": "Be kind\nDo not say what is bad",
    }  # fmt: skip

    refused = desk.post("/interests/new", data=data)
    fair = desk.post("/interests/new", data=data | {"rules_zh": "好好说话\n不针对人"})

    assert (refused.status_code, fair.status_code) == (422, 303)
    assert "must not be about judging us" in refused.text
    changed = desk.post(fair.location or "", data=data)
    assert changed.status_code == 422
    assert "不许吐槽产品" in changed.text
