"""Handles are joined by proof with all that was done under them, and split off again with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commons.db import db
from commons.errors import Invalid, NotAllowed
from commons.events import Event
from commons.permissions import Role
from community.loyalty.books.reconciling import reconcile
from community.loyalty.models import LedgerEntry
from community.members.merging import joining
from community.members.merging.joining import BelongsToAnother
from community.members.merging.models import Proof
from community.members.models import Member
from community.members.roster import handle_of
from tests.community.inbox.factories import come_in
from tests.community.loyalty.factories import comment
from tests.community.members.merging.factories import (
    REASON,
    has,
    join,
    make_clerk,
    stranger_says,
    weibo,
)
from tests.factories import NOON, make_fan, make_staff

YESTERDAY = NOON - timedelta(days=1)


def comments_of(member: Member) -> int:
    mine = (Event.member_id == member.id, Event.kind == "interaction.comment")
    return db.session.scalar(select(func.count()).where(*mine)) or 0


def test_what_was_said_before_belongs_to_the_member_and_is_earned_for_once(app: Flask) -> None:
    fan = make_fan()
    handle = stranger_says(weibo(), "1", "2", at=YESTERDAY)
    before = has(fan)

    join(handle, fan)
    join(handle, fan)

    assert before == [(0, 0)]
    assert comments_of(fan) == 2
    assert has(fan) == [(5, 5)]  # the rule pays one comment in twenty seconds
    assert reconcile() == []


def test_caps_are_those_of_the_days_on_which_it_happened(app: Flask) -> None:
    fan, account = make_fan(), weibo()
    for number in range(4):
        comment(fan, YESTERDAY + timedelta(minutes=number))
    for number in range(3):
        handle = stranger_says(account, f"y{number}", at=YESTERDAY + timedelta(minutes=10 + number))
        stranger_says(account, f"t{number}", at=NOON + timedelta(minutes=number))

    join(handle, fan, NOON + timedelta(hours=1))

    assert has(fan) == [((5 + 3) * 5, (5 + 3) * 5)]


def test_what_is_earned_late_is_booked_on_the_day_on_which_it_became_known(app: Flask) -> None:
    fan = make_fan()
    handle = stranger_says(weibo(), "1", at=YESTERDAY)

    join(handle, fan)

    entry = db.session.scalars(select(LedgerEntry)).first()
    assert entry is not None
    assert (entry.occurred_at, entry.recorded_at) == (YESTERDAY, NOON)


def test_what_is_said_from_then_on_belongs_to_the_member(app: Flask) -> None:
    fan, account = make_fan(), weibo()
    join(stranger_says(account, "1", at=YESTERDAY), fan)

    stranger_says(account, "2", at=NOON)

    assert comments_of(fan) == 2
    assert has(fan) == [(10, 10)]


def test_answers_of_other_fans_to_the_handle_become_facts_of_the_member(app: Flask) -> None:
    fan, other, account = make_fan(), make_fan("阿茶"), weibo()
    handle = stranger_says(account, "1", at=YESTERDAY)
    his = stranger_says(account, "x", name="阿茶在微博", at=YESTERDAY)
    join(his, other)
    come_in(
        account, "2", author_external_id=his.external_id, author_name="阿茶在微博", parent_external_id="1",
        occurred_at=YESTERDAY,
    )  # fmt: skip

    join(handle, fan)

    answered = db.session.scalars(select(Event).where(Event.kind == "interaction.answered")).one()
    assert answered.member_id == fan.id


def test_split_off_it_takes_its_facts_and_what_they_earned_along(app: Flask) -> None:
    fan, account, clerk = make_fan(), weibo(), make_clerk()
    comment(fan, YESTERDAY)
    handle = stranger_says(account, "1", at=NOON)
    join(handle, fan)
    stranger_says(account, "2", at=NOON + timedelta(minutes=1))

    own = joining.split_handle(handle, by=clerk, at=NOON + timedelta(hours=1), reason=REASON)

    assert (comments_of(fan), comments_of(own)) == (1, 2)
    assert has(fan, own) == [(5, 5), (10, 10)]
    assert handle_of(own).name == handle.name
    assert reconcile() == []


def test_a_handle_that_comes_back_is_not_paid_for_again(app: Flask) -> None:
    fan, clerk = make_fan(), make_clerk()
    handle = stranger_says(weibo(), "1", at=YESTERDAY)
    join(handle, fan)
    own = joining.split_handle(handle, by=clerk, at=NOON, reason=REASON)

    join(handle, fan, NOON + timedelta(minutes=1))

    assert has(fan, own) == [(5, 5), (0, 0)]
    assert handle.member_id == fan.id
    assert own.merged_into_id == fan.id


def test_a_handle_that_stands_alone_is_split_off_nothing(app: Flask) -> None:
    fan, clerk = make_fan(), make_clerk()
    handle = stranger_says(weibo(), "1")
    join(handle, fan)
    own = joining.split_handle(handle, by=clerk, at=NOON, reason=REASON)

    assert joining.split_handle(handle, by=clerk, at=NOON, reason=REASON) is own


def test_a_handle_of_somebody_with_an_account_is_not_taken_away(app: Flask) -> None:
    fan, other = make_fan(), make_fan("阿茶")
    handle = stranger_says(weibo(), "1")
    join(handle, other)

    with pytest.raises(BelongsToAnother) as refusal:
        join(handle, fan)

    assert refusal.value.other is other
    assert handle.member_id == other.id


def test_only_the_fan_with_a_proof_or_staff_with_a_reason_joins_a_handle(app: Flask) -> None:
    fan, reader = make_fan(), make_staff(Role.EXECUTIVE)
    assert fan.user is not None
    handle = stranger_says(weibo(), "1")

    with pytest.raises(NotAllowed):
        joining.join_handle(handle, fan, by=fan.user, at=NOON, proof=Proof.STAFF, reason=REASON)
    with pytest.raises(NotAllowed):
        joining.join_handle(handle, fan, by=make_fan("别人").user, at=NOON, proof=Proof.CODE)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        joining.join_handle(handle, fan, by=reader, at=NOON, proof=Proof.STAFF, reason=REASON)
    with pytest.raises(Invalid):
        joining.join_handle(handle, fan, by=make_clerk(), at=NOON, proof=Proof.STAFF, reason=" ")

    assert handle.member_id is None


def test_the_handle_in_the_circle_stays_with_its_member(app: Flask) -> None:
    fan, clerk = make_fan(), make_clerk()

    with pytest.raises(Invalid):
        joining.split_handle(handle_of(fan), by=clerk, at=NOON, reason=REASON)
