"""Coming by a code: once in a life, in time, by somebody else's, and a fact about both."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.events import Event, Evidence
from commons.i18n import Words
from community.loyalty.accounts import balance
from community.loyalty.models import Currency
from community.loyalty.rules import versions as rules
from community.loyalty.rules.verdicts import Terms
from community.notices.models import Notice
from community.seed_users import accepting, codes
from community.seed_users.accepting import AlreadyInvited, OwnCode, TooLate
from community.seed_users.codes import CodeOver
from community.seed_users.models import Acceptance
from tests.community.seed_users.factories import an_old_hand, come, make_code, make_seed
from tests.factories import make_fan, make_staff


def facts(kind: str) -> list[Event]:
    return list(db.session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def test_both_sides_are_facts_that_name_the_other(app: Flask, at: datetime) -> None:
    code = make_code()

    acceptance = come(code)

    (came,), (brought,) = facts("invitation.accepted"), facts("invitation.brought")
    assert came.member_id == brought.payload["by_member_id"] == acceptance.member_id
    assert brought.member_id == came.payload["by_member_id"] == acceptance.inviter_id == code.seed_user.member_id
    assert came.evidence is brought.evidence is Evidence.TRACKED_LINK
    assert code.used == 1
    told = db.session.scalars(select(Notice.kind).where(Notice.kind.in_(["invitation.accepted", "invitation.brought"])))
    assert sorted(told) == ["invitation.accepted", "invitation.brought"]


def test_the_same_code_again_is_the_same_acceptance(app: Flask, at: datetime) -> None:
    code = make_code(most=3)
    acceptance = come(code)

    again = accepting.accept(acceptance.member, code, at)

    assert again is acceptance
    assert code.used == 1
    assert len(facts("invitation.accepted")) == 1


def test_one_invitation_counts_and_the_second_code_keeps_its_use(app: Flask, at: datetime) -> None:
    member = come(make_code()).member
    other = make_code(make_seed(an_old_hand("栗子")))

    with pytest.raises(AlreadyInvited):
        accepting.accept(member, other, at)

    assert other.used == 0


def test_nobody_invites_himself(app: Flask, at: datetime) -> None:
    code = make_code(make_seed(make_fan()))

    with pytest.raises(OwnCode):
        accepting.accept(code.seed_user.member, code, at)


def test_after_two_weeks_it_is_too_late(app: Flask, at: datetime) -> None:
    code, member = make_code(), make_fan()

    with pytest.raises(TooLate):
        accepting.accept(member, code, at + timedelta(days=14, seconds=1))

    assert accepting.accept(member, code, at + timedelta(days=14)).member is member


def test_nobody_is_invited_by_who_came_later_so_that_no_two_invite_each_other(app: Flask, at: datetime) -> None:
    older, younger = make_fan("早", at - timedelta(days=3)), make_fan("晚", at - timedelta(days=2))
    accepting.accept(younger, make_code(make_seed(older)), at)

    with pytest.raises(TooLate):
        accepting.accept(older, make_code(make_seed(younger)), at)


def test_a_code_that_is_over_takes_nobody_and_leaves_no_trace(app: Flask, at: datetime) -> None:
    code, late = make_code(), make_fan("晚来")
    come(code)

    with pytest.raises(CodeOver):
        accepting.accept(late, code, at)

    assert accepting.acceptance_of(late) is None
    assert code.used == 1
    assert len(facts("invitation.accepted")) == 1


def test_a_code_withdrawn_in_this_moment_takes_nobody(app: Flask, at: datetime) -> None:
    code, member = make_code(), make_fan()
    codes.revoke(code, by=make_staff(), at=at)

    with pytest.raises(CodeOver):
        accepting.accept(member, code, at)

    assert db.session.scalars(select(Acceptance)).all() == []


@pytest.mark.parametrize(("kind", "who"), [("invitation.accepted", "member"), ("invitation.brought", "inviter")])
def test_an_earning_rule_pays_the_side_that_it_speaks_of(app: Flask, at: datetime, kind: str, who: str) -> None:
    terms = Terms(growth=0, points=20, cap_per_day=None, cooldown=0, evidence=Evidence.TRACKED_LINK)
    rules.make(kind, Words("带来新朋友", "Bring somebody new"), terms, by=make_staff(), at=at)

    acceptance = come(make_code())

    paid = {"member": acceptance.member, "inviter": acceptance.inviter}
    assert balance(paid.pop(who), Currency.POINTS) == 20
    assert balance(paid.popitem()[1], Currency.POINTS) == 0
