"""Profiles of members who turn out to be one person."""

from __future__ import annotations

import pytest
from flask import Flask

from commons.accounts.models import User
from commons.permissions import Role
from community.members.merging import gathering, selves
from community.members.merging.models import Merge, Proof
from community.members.models import Member
from community.members.profiles import allowing, asking, consents, counting, deciding, guardians, leaving
from community.members.profiles.models import Purpose, Way
from tests.community.members.profiles.factories import (
    PARENT,
    allow,
    guardianship_of,
    make_asked,
    make_young,
    tell,
    values,
)
from tests.factories import NOON, make_fan, make_staff


@pytest.fixture
def other(app: Flask, fan: Member) -> Member:
    return make_fan("阿木")


def agent() -> User:
    return make_staff(Role.SERVICE_AGENT)


def merged(kept: Member, other: Member) -> Merge:
    return selves.merge(kept, other, by=agent(), at=NOON, proof=Proof.STAFF, reason="one person")


def test_each_self_keeps_what_it_told_and_allowed(fan: Member, other: Member) -> None:
    allow(other, Purpose.PROFILE, Purpose.STATISTICS)
    tell(other, region="FJ")

    merge = merged(fan, other)
    assert not consents.given(fan.id, Purpose.PROFILE)
    assert values(fan) == {}
    assert counting.counted()[0].answered is None

    selves.split(merge, by=agent(), at=NOON, reason="two people after all")
    assert values(other) == {"region": ["FJ"]}


def test_withdrawing_is_meant_for_the_whole_person_and_so_are_ones_data(fan: Member, other: Member) -> None:
    for one, region in ((fan, "ZJ"), (other, "FJ")):
        allow(one)
        tell(one, region=region)
    merged(fan, other)
    assert fan.user is not None

    whole = leaving.export(fan.user)
    allowing.withdraw(fan.id, Purpose.PROFILE, Way.PROFILE_PAGE, NOON)

    assert [answer["value"] for answer in whole["profile"]] == ["ZJ", "FJ"]
    assert values(fan) == values(other) == {}
    assert leaving.export(fan.user)["profile"] == []
    leaving.erase(fan.user, NOON)
    assert leaving.export(fan.user)["consents"] == []


def test_a_merge_is_no_way_round_a_guardian(fan: Member, other: Member) -> None:
    allow(fan, Purpose.PROFILE, Purpose.STATISTICS)
    tell(fan, region="ZJ")
    deciding.agree(make_asked(other), [Purpose.PROFILE], NOON)

    merge = merged(fan, other)

    assert guardians.is_awaited(fan.id)
    assert values(fan) == {}
    assert not allowing.give(fan.id, Purpose.STATISTICS, Way.PROFILE_PAGE, NOON)
    selves.split(merge, by=agent(), at=NOON, reason="two people after all")
    assert guardians.needed(other.id) is not None


def test_what_staff_lifted_after_a_merge_stays_lifted(fan: Member, other: Member) -> None:
    make_young(other)
    merge = merged(fan, other)
    guardians.lift(fan, basis="showed the card", by=agent(), at=NOON)

    gathering.gather_merge(merge, NOON)

    assert guardians.needed(fan.id) is None


def test_a_guardian_who_was_asked_for_the_kept_self_stays(fan: Member, other: Member) -> None:
    deciding.agree(make_asked(fan), [Purpose.PROFILE], NOON)
    token = asking.token_of(guardianship_of(fan))
    make_young(other)

    merged(fan, other)

    assert consents.given(fan.id, Purpose.PROFILE)
    assert asking.look(token, NOON).email == PARENT
