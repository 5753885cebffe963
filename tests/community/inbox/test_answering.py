"""That a member was answered is a fact about that member."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from commons import events
from commons.db import db
from commons.events import Event, Evidence
from commons.i18n import Words
from commons.permissions import Role
from community.circle import commenting
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from community.loyalty.rules import versions as rules
from community.loyalty.rules.verdicts import Terms
from community.loyalty.watching import finding
from community.loyalty.watching.models import Sign
from community.members.roster import handle_of, staff_handle
from tests.community.circle.factories import make_comment
from tests.factories import NOON, make_circle_post, make_fan, make_staff

HOUR = timedelta(hours=1)


def answers() -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == "interaction.answered").order_by(Event.id)))


def test_an_answer_is_a_fact_about_whom_it_answers(app: Flask) -> None:
    asked, other, post = make_fan("小满"), make_fan("阿木"), make_circle_post(campaign_id=7)
    question = make_comment(post, asked, "几度的水?", NOON)

    answer = make_comment(post, other, "95 度。", NOON + HOUR, reply_to=question)

    fact = answers()[0]
    assert (fact.member_id, fact.payload["by_member_id"], fact.subject_id) == (asked.id, other.id, answer.id)
    assert (fact.occurred_at, fact.campaign_id, fact.evidence) == (NOON + HOUR, 7, Evidence.NETWORK)


def test_nobody_answers_himself_and_the_house_is_no_fan(app: Flask) -> None:
    asked, post = make_fan("小满"), make_circle_post()
    question = make_comment(post, asked, "几度的水?", NOON)

    make_comment(post, asked, "我自己找到了。", NOON + HOUR, reply_to=question)
    house = staff_handle(make_staff(Role.SOCIAL_MANAGER), NOON)
    commenting.say(post, house, "95 度。", NOON + HOUR, key="house00001", reply_to=question)

    assert answers() == []


def test_told_again_it_is_one_fact(app: Flask) -> None:
    asked, other, post = make_fan("小满"), make_fan("阿木"), make_circle_post()
    make_comment(post, other, "95 度。", NOON + HOUR, reply_to=make_comment(post, asked, "几度的水?", NOON))

    events.tell(db.session.scalars(select(Event)).all())

    assert len(answers()) == 1


def test_a_withdrawn_answer_takes_back_what_it_earned(app: Flask) -> None:
    asked, other, post = make_fan("小满"), make_fan("阿木"), make_circle_post()
    terms = Terms(growth=0, points=3, cap_per_day=None, cooldown=0, evidence=Evidence.NETWORK, cap_per_pair=1)
    rules.make("interaction.answered", Words("被回复", "Answered"), terms, by=make_staff(Role.CAMPAIGN_LEAD), at=NOON)
    question = make_comment(post, asked, "几度的水?", NOON)
    before = balance(asked, Currency.POINTS)
    answer = make_comment(post, other, "95 度。", NOON + HOUR, reply_to=question)
    make_comment(post, other, "三分钟。", NOON + 2 * HOUR, reply_to=question)
    assert balance(asked, Currency.POINTS) == before + 3

    commenting.withdraw(answer, handle_of(other), NOON + 3 * HOUR)

    assert balance(asked, Currency.POINTS) == before


def test_two_who_only_answer_each_other_are_found(app: Flask) -> None:
    first, second, post = make_fan("小满"), make_fan("阿木"), make_circle_post()
    terms = Terms(growth=0, points=3, cap_per_day=None, cooldown=0, evidence=Evidence.NETWORK)
    rules.make("interaction.answered", Words("被回复", "Answered"), terms, by=make_staff(Role.CAMPAIGN_LEAD), at=NOON)
    for number in range(7):
        at = NOON + number * timedelta(hours=5, minutes=number**2)
        said = make_comment(post, first, f"问 {number}", at)
        make_comment(post, second, f"答 {number}", at + HOUR, reply_to=said)
        said = make_comment(post, second, f"再问 {number}", at + 2 * HOUR)
        make_comment(post, first, f"再答 {number}", at + 3 * HOUR, reply_to=said)

    found = finding.look(NOON + timedelta(days=3)).found

    assert [(one.sign, one.event_kind) for one in found] == [(Sign.RING, "interaction.answered")]
