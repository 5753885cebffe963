"""When one looks, how far back, and whom a look finds."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons import clock
from commons.db import db
from commons.events import Evidence
from commons.i18n import Words
from commons.jobs import registry
from commons.permissions import Role
from community.loyalty.books.reconciling import reconcile
from community.loyalty.rules import versions as rules
from community.loyalty.rules.verdicts import Terms
from community.loyalty.watching import finding, holding, jobs
from community.loyalty.watching.models import Sign, Suspicion
from tests.community.circle.factories import make_comment
from tests.community.loyalty.watching.test_holding import found_one, held, ring, visit
from tests.factories import NOON, make_circle_post, make_fan, make_staff

HOUR = timedelta(hours=1)
VISITED = "link.visited"


def test_the_same_words_over_and_over_are_held_and_nothing_is_lost(app: Flask) -> None:
    fan, post, boss = make_fan("甲"), make_circle_post(), make_staff(Role.CAMPAIGN_LEAD)
    chance = Random(4)
    for number in range(12):
        make_comment(
            post, fan, "好茶！" + "!" * number, NOON + number * HOUR + timedelta(seconds=chance.randrange(900))
        )
    before = held(fan)

    suspicion = found_one(NOON + 13 * HOUR)
    after = held(fan)
    holding.let_pass(suspicion, "We asked for these words.", by=boss, at=NOON + 14 * HOUR)

    assert (suspicion.sign, suspicion.evidence["times"], suspicion.evidence["different"]) == (Sign.ECHO, 12, 1)
    assert after == (before[0], 0)
    assert held(fan) == before
    assert reconcile() == []


def test_the_same_words_of_many_under_one_post_are_held_until_somebody_has_looked(app: Flask) -> None:
    post, elsewhere, boss = make_circle_post(), make_circle_post(), make_staff(Role.CAMPAIGN_LEAD)
    fans = [make_fan(f"粉{number}") for number in range(13)]
    chance, words = Random(6), "全网最好喝的茶没有之一"
    make_comment(elsewhere, fans[12], words, NOON)
    for number, fan in enumerate(fans[:8]):
        make_comment(post, fan, words, NOON + number * timedelta(minutes=3, seconds=chance.randrange(60)))
    assert finding.look(NOON + timedelta(minutes=30)).found == []
    for number, fan in enumerate(fans[8:12]):
        make_comment(post, fan, words + "！" * number, NOON + timedelta(minutes=31 + number))

    suspicion = found_one(NOON + HOUR)

    assert (suspicion.sign, suspicion.evidence["people"], len(suspicion.people)) == (Sign.CHOIR, 12, 12)
    assert [held(fan)[1] for fan in (fans[0], fans[11])] == [0, 0]
    assert held(fans[12])[1] > 0
    holding.let_pass(suspicion, "The draw asked for these words.", by=boss, at=NOON + 2 * HOUR)
    assert len({held(fan) for fan in fans}) == 1
    assert reconcile() == []


def test_what_others_answer_again_and_again_is_not_ones_own_echo(app: Flask) -> None:
    fan, other, post = make_fan("甲"), make_fan("乙"), make_circle_post()
    terms = Terms(growth=1, points=1, cap_per_day=None, cooldown=0, evidence=Evidence.NETWORK)
    boss = make_staff(Role.CAMPAIGN_LEAD)
    rules.make("interaction.answered", Words("被回应", "Answered"), terms, by=boss, at=NOON)
    chance = Random(5)
    said = [make_comment(post, fan, f"第{number}泡", NOON + number * HOUR) for number in range(12)]
    for number, comment in enumerate(said):
        make_comment(
            post,
            other,
            "沙发" + "~" * number,
            NOON + number * HOUR + timedelta(seconds=chance.randrange(60, 900)),
            comment,
        )

    found = finding.look(NOON + 13 * HOUR).found

    assert [[suspect.member_id for suspect in one.people] for one in found if one.sign is Sign.ECHO] == [[other.id]]


def test_a_ring_is_found_from_any_of_its_people(app: Flask) -> None:
    """Only one of them did something since the last look; the others are found by their habits."""
    people = [make_fan(f"圈{number}") for number in range(4)]
    pairs = [(people[number], people[(number + 1) % 4]) for number in range(4)]
    for turn in range(3):
        for number, (owner, by) in enumerate(pairs):
            if (turn, number) != (2, 3):
                visit(owner, by, NOON + (turn * 4 + number) * HOUR)
    assert finding.look(NOON + 12 * HOUR).found == []
    visit(*pairs[3], NOON + 13 * HOUR)

    suspicion = found_one(NOON + 14 * HOUR)

    assert [suspect.member_id for suspect in suspicion.people] == [member.id for member in people]


def test_a_look_begins_where_the_last_one_ended(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.set_to(NOON)
    monkeypatch.setattr(finding, "AT_ONCE", 10)
    first, second = make_fan("甲"), make_fan("乙")
    finding.look(NOON)
    ring(first, second)

    looks = [finding.look(NOON + 20 * HOUR) for _ in range(3)]

    assert [(one.more, one.members) for one in looks] == [(True, 2), (False, 2), (False, 0)]
    assert db.session.scalar(select(func.count()).select_from(Suspicion)) == 1


def test_what_was_written_only_just_now_is_looked_at_again(app: Flask) -> None:
    """Somebody else may have been writing at that moment, with earlier ids that nobody could see yet."""
    first, second = make_fan("甲"), make_fan("乙")
    clock.set_to(NOON)
    visit(first, second, NOON)
    clock.set_to(NOON + HOUR)
    visit(second, first, NOON)

    looks = [finding.look(NOON + HOUR + minutes * timedelta(minutes=1)) for minutes in (1, 6, 11)]

    assert [look.members for look in looks] == [2, 1, 0]


def test_the_timetable_has_the_look(app: Flask) -> None:
    first, second = make_fan("甲"), make_fan("乙")
    ring(first, second)
    clock.set_to(NOON + 20 * HOUR)

    jobs.watch()

    assert registry.periods["loyalty.watch"] == 300
    assert db.session.scalar(select(func.count()).select_from(Suspicion)) == 1
