"""Joining a circle and leaving it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons.db import db
from commons.errors import Gone
from commons.events import Event
from commons.permissions import Role
from community.circle.interests import circles, joining
from community.members.models import Member
from tests.community.circle.interests.factories import make_circle, make_host, make_joined, user_of
from tests.factories import NOON, make_fan, make_staff


def kinds(fan: Member) -> list[str]:
    query = select(Event.kind).where(Event.member_id == fan.id, Event.kind.startswith("circle.")).order_by(Event.id)
    return list(db.session.scalars(query))


def test_joining_twice_is_one_membership_and_one_fact(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    joining.join(circle, fan, NOON)
    assert joining.circles_of(fan) == [circle]
    assert kinds(fan) == ["circle.joined"]


def test_coming_back_is_no_second_joining(app: Flask) -> None:
    circle = make_circle()
    fan = make_joined(circle)
    joining.leave(circle, fan, NOON + timedelta(hours=1))
    joining.leave(circle, fan, NOON + timedelta(hours=1))
    assert joining.membership_of(circle, fan) is None
    joining.join(circle, fan, NOON + timedelta(hours=2))
    assert joining.membership_of(circle, fan) is not None
    assert kinds(fan) == ["circle.joined", "circle.left", "circle.returned"]


def test_a_closed_circle_takes_nobody(app: Flask) -> None:
    circle = make_circle()
    circles.close(circle, by=make_staff(), at=NOON)
    with pytest.raises(Gone):
        joining.join(circle, make_fan(), NOON)


def test_hosts_and_staff_in_charge_keep_order_and_nobody_else(app: Flask) -> None:
    circle = make_circle()
    host, member = make_host(circle), make_joined(circle)
    who = [user_of(host), user_of(member), make_staff(Role.SOCIAL_MANAGER), make_staff(Role.EXECUTIVE)]
    assert [joining.tends(user, circle) for user in who] == [True, False, True, False]


def test_a_host_who_leaves_is_host_no_more_even_after_coming_back(app: Flask) -> None:
    circle = make_circle()
    host = make_host(circle)
    joining.leave(circle, host, NOON)
    joining.join(circle, host, NOON + timedelta(hours=1))
    assert not joining.tends(user_of(host), circle)
