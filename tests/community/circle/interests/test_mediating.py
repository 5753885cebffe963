"""Mediation: two sides, a mediator, an outcome."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.errors import Conflict, Invalid, NotAllowed
from commons.events import Event
from commons.permissions import Role
from community.circle.interests import mediating
from community.circle.interests.models import InterestCircle, Mediation, Outcome
from community.members.models import Member
from community.members.roster import handle_of
from community.notices.models import Notice
from tests.community.circle.interests.factories import brand, make_circle, make_host, make_joined, new_key, user_of
from tests.factories import NOON, make_staff


@pytest.fixture
def circle(app: Flask) -> InterestCircle:
    return make_circle()


@pytest.fixture
def sides(circle: InterestCircle) -> tuple[Member, Member]:
    return make_joined(circle, "小满"), make_joined(circle, "老周")


@pytest.fixture
def dispute(circle: InterestCircle, sides: tuple[Member, Member]) -> Mediation:
    one, other = sides
    return mediating.ask(circle, handle_of(one), handle_of(other), "他把我的照片当成他的", NOON, key=new_key())


def told(member: Member) -> list[str]:
    query = select(Notice.kind).where(Notice.member_id == member.id, Notice.kind.startswith("circle.mediation"))
    return [kind.removeprefix("circle.mediation_") for kind in db.session.scalars(query.order_by(Notice.id))]


def seen_by(member: Member) -> list[Mediation]:
    return list(db.session.scalars(Mediation.visible_to(user_of(member))))


def test_the_way_from_the_question_to_the_outcome(
    circle: InterestCircle, sides: tuple[Member, Member], dispute: Mediation
) -> None:
    one, other = sides
    host = make_host(circle)
    mediating.take(dispute, handle_of(host), NOON)
    mediating.speak(dispute, handle_of(other), "我忘了写出处", NOON, key=new_key())
    mediating.close(dispute, Outcome.AGREED, "补上出处", handle_of(host), NOON + timedelta(hours=1))
    assert (dispute.mediator, dispute.outcome, dispute.outcome_words) == (handle_of(host), Outcome.AGREED, "补上出处")
    assert [word.author.member for word in dispute.words] == [one, other]
    assert told(one) == ["taken", "spoken", "closed"]
    assert told(other) == ["asked", "taken", "closed"]


def test_asking_again_while_it_is_open_gives_the_same_also_from_the_other_side(
    circle: InterestCircle, sides: tuple[Member, Member], dispute: Mediation
) -> None:
    one, other = sides
    assert mediating.ask(circle, handle_of(other), handle_of(one), "是他先说的", NOON, key=new_key()) == dispute
    assert [word.text for word in dispute.words] == ["他把我的照片当成他的", "是他先说的"]
    assert told(one) == ["spoken"]


def test_neither_oneself_nor_the_brand_is_another_side(circle: InterestCircle, sides: tuple[Member, Member]) -> None:
    by = handle_of(sides[0])
    for other in (by, brand()):
        with pytest.raises(Invalid):
            mediating.ask(circle, by, other, "说来话长", NOON, key=new_key())


def test_of_two_mediators_the_first_has_it_and_a_side_never(
    circle: InterestCircle, sides: tuple[Member, Member], dispute: Mediation
) -> None:
    with pytest.raises(NotAllowed):
        mediating.take(dispute, handle_of(sides[1]), NOON)
    first = brand()
    for _ in range(2):
        mediating.take(dispute, first, NOON)
    with pytest.raises(Conflict):
        mediating.take(dispute, handle_of(make_host(circle)), NOON)


def test_a_form_sent_twice_is_said_once_and_strangers_do_not_speak(
    circle: InterestCircle, sides: tuple[Member, Member], dispute: Mediation
) -> None:
    for _ in range(2):
        mediating.speak(dispute, handle_of(sides[1]), "我忘了", NOON, key="onekey0001")
    assert [word.text for word in dispute.words] == ["他把我的照片当成他的", "我忘了"]
    with pytest.raises(NotAllowed):
        mediating.speak(dispute, handle_of(make_joined(circle, "路人")), "我看看", NOON, key=new_key())


def test_only_the_mediator_writes_the_outcome_and_only_once(dispute: Mediation, sides: tuple[Member, Member]) -> None:
    with pytest.raises(NotAllowed):
        mediating.close(dispute, Outcome.AGREED, "好", handle_of(sides[0]), NOON)
    by = brand()
    mediating.take(dispute, by, NOON)
    with pytest.raises(Invalid):
        mediating.close(dispute, Outcome.WITHDRAWN, "好", by, NOON)
    mediating.close(dispute, Outcome.APART, "各走各的", by, NOON)
    with pytest.raises(Conflict):
        mediating.close(dispute, Outcome.AGREED, "好", by, NOON)
    with pytest.raises(Conflict):
        mediating.speak(dispute, handle_of(sides[0]), "可是", NOON, key=new_key())


def test_who_asked_takes_it_back_and_the_other_is_told(dispute: Mediation, sides: tuple[Member, Member]) -> None:
    one, other = sides
    with pytest.raises(NotAllowed):
        mediating.take_back(dispute, handle_of(other), NOON)
    mediating.take_back(dispute, handle_of(one), NOON)
    assert dispute.outcome is Outcome.WITHDRAWN
    assert told(other) == ["asked", "closed"]


def test_only_those_between_whom_it_is_read_it_once_somebody_mediates(
    circle: InterestCircle, sides: tuple[Member, Member], dispute: Mediation
) -> None:
    host, second, stranger = make_host(circle), make_host(circle, "静静"), make_joined(circle, "路人")
    assert [seen_by(who) for who in (*sides, host, second, stranger)] == [[dispute]] * 4 + [[]]
    mediating.take(dispute, handle_of(host), NOON)
    assert [seen_by(who) for who in (*sides, host, second, stranger)] == [[dispute]] * 3 + [[], []]
    assert list(db.session.scalars(Mediation.visible_to(make_staff(Role.SOCIAL_MANAGER)))) == [dispute]
    assert list(db.session.scalars(Mediation.visible_to(make_staff(Role.EXECUTIVE)))) == []


def test_a_mediator_who_cannot_go_on_leaves_it_to_another(dispute: Mediation, sides: tuple[Member, Member]) -> None:
    first, second = brand(), brand()
    mediating.take(dispute, first, NOON)
    with pytest.raises(NotAllowed):
        mediating.step_back(dispute, second, NOON)
    mediating.step_back(dispute, first, NOON + timedelta(hours=1))
    mediating.take(dispute, second, NOON + timedelta(hours=2))
    assert dispute.mediator == second
    assert told(sides[0]) == ["taken", "given_back", "taken"]
    mediating.close(dispute, Outcome.AGREED, "好", second, NOON + timedelta(hours=3))
    with pytest.raises(Conflict):
        mediating.step_back(dispute, second, NOON + timedelta(hours=4))


def test_what_a_host_does_as_a_mediator_is_in_the_audit_and_what_a_side_does_is_not(
    circle: InterestCircle, sides: tuple[Member, Member], dispute: Mediation
) -> None:
    host = make_host(circle)
    mediating.take(dispute, handle_of(host), NOON)
    mediating.close(dispute, Outcome.AGREED, "补上出处", handle_of(host), NOON)
    facts = db.session.scalars(select(Event).where(Event.kind.startswith("circle.mediation")).order_by(Event.id))
    assert [(fact.kind, fact.actor_id) for fact in facts] == [
        ("circle.mediation_asked", None),
        ("circle.mediation_taken", host.user_id),
        ("circle.mediation_closed", host.user_id),
    ]
