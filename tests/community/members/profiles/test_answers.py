"""Answers: kept with consent only, each with its source, one record for the fan and for staff."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from commons.db import db
from commons.errors import Invalid, NotAllowed
from commons.events import Event, Evidence
from community.members.models import Member
from community.members.profiles import answers, choices
from community.members.profiles.models import Answer, Field, Source
from community.notices import reading
from tests.at_once import at_once
from tests.community.members.profiles.factories import allow, tell, values
from tests.factories import NOON, make_fan, make_staff

LATER = NOON + timedelta(days=1)


def origin(member: Member, field: Field) -> Answer:
    return next(line for line in answers.record(member) if line.field is field).origins[0]


def test_without_consent_nothing_is_kept_from_whomever_it_comes(fan: Member) -> None:
    with pytest.raises(NotAllowed):
        tell(fan, region="ZJ")
    with pytest.raises(NotAllowed):
        answers.enter(fan, {Field.REGION: ["ZJ"]}, basis="said so", by=make_staff(), at=NOON)
    assert not answers.bring(fan, {Field.REGION: ["ZJ"]}, Source.IMPORT, NOON)

    assert values(fan) == {}


def test_a_fan_tells_changes_and_clears(fan: Member) -> None:
    allow(fan)
    tell(fan, region="ZJ", interest=["music", "tea"])
    tell(fan, LATER, region="FJ", interest=["tea"])
    assert values(fan) == {"region": ["FJ"], "interest": ["tea"]}

    answers.clear(fan, Field.REGION, LATER)
    answers.clear(fan, Field.REGION, LATER)
    assert values(fan) == {"interest": ["tea"]}
    assert origin(fan, Field.INTEREST).told_at == NOON  # what stayed keeps its source


@pytest.mark.parametrize(
    "wanted", [{Field.REGION: ["Atlantis"]}, {Field.REGION: ["ZJ", "FJ"]}, {Field.INTEREST: ["<b>tea</b>"]}]
)
def test_what_is_not_on_the_lists_is_refused(fan: Member, wanted: dict[Field, list[str]]) -> None:
    allow(fan)

    with pytest.raises(Invalid):
        answers.tell(fan, wanted, NOON)

    assert values(fan) == {}


def test_what_staff_enter_names_them_and_the_basis_and_the_fan_is_told(fan: Member) -> None:
    allow(fan)
    tell(fan, region="ZJ")
    agent = make_staff(name="何田")

    answers.enter(fan, {Field.REGION: ["FJ"]}, basis=" moved,\u202e said\u200f so \n on the phone ", by=agent, at=LATER)

    entered = origin(fan, Field.REGION)
    assert (entered.source, entered.told_by, entered.basis) == (Source.STAFF, agent, "moved, said so on the phone")
    fact = db.session.scalars(select(Event).where(Event.kind == "member.profile_entered")).one()
    assert (fact.actor_id, fact.evidence) == (agent.id, Evidence.STAFF)
    assert [notice.kind for notice in reading.page(fan, 1).notices] == ["profile.entered"]

    answers.clear(fan, Field.REGION, LATER)
    assert values(fan) == {}


@pytest.mark.parametrize("basis", ["", "   ", "\u200b\u202e"])
def test_staff_say_on_what_basis(fan: Member, basis: str) -> None:
    allow(fan)

    with pytest.raises(Invalid):
        answers.enter(fan, {Field.REGION: ["FJ"]}, basis=basis, by=make_staff(), at=NOON)


def test_what_comes_from_elsewhere_never_overwrites_and_leaves_out_what_does_not_fit(fan: Member) -> None:
    allow(fan)
    tell(fan, region="ZJ")
    found = {Field.REGION: ["FJ"], Field.EDUCATION: ["bachelor", "master"], Field.INTEREST: ["tea", "nonsense"]}

    assert answers.bring(fan, found, Source.SIGN_IN, LATER)

    assert values(fan) == {"region": ["ZJ"], "interest": ["tea"]}
    assert origin(fan, Field.INTEREST).source is Source.SIGN_IN


def test_the_database_itself_keeps_one_region_a_member(fan: Member) -> None:
    allow(fan)
    tell(fan, region="ZJ")

    second = insert(Answer).values(member_id=fan.id, field=Field.REGION, value="FJ", told_at=NOON)
    with db.session.begin_nested() as savepoint:
        with pytest.raises(IntegrityError):
            db.session.execute(second)
        savepoint.rollback()


def test_two_windows_at_once_leave_one_region(committed_app: Flask) -> None:
    fan = make_fan()
    allow(fan)
    fan_id = fan.id
    db.session.commit()

    def say(region: str) -> None:
        answers.tell(db.session.get_one(Member, fan_id), {Field.REGION: [region]}, NOON)

    failed = at_once(committed_app, *(lambda region=region: say(region) for region in ("ZJ", "FJ", "SH", "BJ")))

    assert failed == []
    assert len(values(db.session.get_one(Member, fan_id))["region"]) == 1


def test_every_code_fits_its_column_and_only_the_youngest_bands_need_a_guardian() -> None:
    assert all(len(value) <= 32 for listed in choices.VALUES.values() for value in listed)
    assert choices.young_bands(0) == set()
    assert choices.young_bands(14) == {"under_14"}
    assert choices.young_bands(18) == {"under_14", "14_17"}
