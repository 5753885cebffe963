"""Fans who allow things and tell about themselves, through the real verbs."""

from __future__ import annotations

from datetime import datetime

from commons import clock, jobs
from commons.accounts.models import User
from commons.admin import brand
from commons.db import db
from community.members.models import Member
from community.members.profiles import allowing, answers, asking, consents, guardians
from community.members.profiles.models import Field, Guardianship, Purpose, Way
from tests.factories import NOON, make_staff
from tests.servers.smtp import Smtp

PARENT = "parent@example.net"


def allow(member: Member, *purposes: Purpose, at: datetime = NOON) -> None:
    for purpose in purposes or (Purpose.PROFILE,):
        allowing.give(member.id, purpose, Way.PROFILE_PAGE, at)


def tell(member: Member, at: datetime = NOON, **told: str | list[str]) -> None:
    """`tell(fan, region="ZJ", interest=["tea"])`"""
    wanted = {Field(name): [value] if isinstance(value, str) else value for name, value in told.items()}
    answers.tell(member, wanted, at)


def values(member: Member) -> dict[str, list[str]]:
    """What is known, by field."""
    lines = answers.record(member)
    return {line.field.value: [answer.value for answer in line.answers] for line in lines if line.answers}


def make_young(member: Member, at: datetime = NOON) -> Guardianship:
    """The member says to be under 14."""
    allow(member)
    tell(member, age_band="under_14")
    return guardianship_of(member)


def make_asked(member: Member, at: datetime = NOON) -> Guardianship:
    """The member says so and names a guardian, who is asked."""
    make_young(member, at)
    asking.name(member, PARENT, at)
    return guardianship_of(member)


def guardianship_of(member: Member) -> Guardianship:
    guardianship = guardians.needed(member.id)
    assert guardianship is not None
    return guardianship


def set_guardian_age(age: int, by: User | None = None) -> None:
    """An administrator changes the brand's setting."""
    row = brand.current()
    looks = brand.Looks(row.name, row.about, row.accent, row.zone, guardian_age=age)
    brand.change(looks, by or make_staff(), clock.now())
    db.session.flush()


def allowed(member: Member) -> list[Purpose]:
    return [purpose for purpose in Purpose if consents.given(member.id, purpose)]


def letters(smtp: Smtp, address: str = PARENT) -> list[str]:
    jobs.drain(NOON)
    return [str(message.get_content()) for message in smtp.to(address)]
