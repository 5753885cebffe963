"""Guardians: nothing a child allows counts until a guardian agrees, and there is no way round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons import jobs
from commons.db import db
from commons.errors import Gone, Invalid, NotAllowed
from commons.events import Event
from community.circle import cards
from community.circle.people import profiles as people
from community.circle.people.models import Part
from community.members.models import Member
from community.members.profiles import allowing, answers, asking, consents, deciding, guardians
from community.members.profiles.models import Answer, Consent, Field, Purpose, Way
from community.members.segments import deciding as segments
from community.members.segments.tree import Group, Join, Leaf
from community.notices import capping, wishes
from tests.at_once import at_once
from tests.community.members.profiles.factories import (
    PARENT,
    allow,
    allowed,
    guardianship_of,
    make_asked,
    make_young,
    set_guardian_age,
    tell,
    values,
)
from tests.factories import NOON, make_fan, make_staff

AFTERNOON = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_who_says_to_be_under_14_has_allowed_nothing_and_nothing_is_kept(fan: Member) -> None:
    allow(fan, Purpose.PROFILE, Purpose.STATISTICS, Purpose.MAIL)
    tell(fan, region="ZJ")

    tell(fan, region="ZJ", age_band="under_14", interest=["games"])

    assert allowed(fan) == []
    assert values(fan) == {}
    assert guardianship_of(fan).purposes == [Purpose.PROFILE, Purpose.STATISTICS, Purpose.MAIL]
    wish = wishes.wish_of(fan.id)
    assert wish is not None
    db.session.refresh(wish)
    assert wish.mail_since is None


def test_who_is_older_decides_alone(fan: Member) -> None:
    allow(fan)
    tell(fan, age_band="14_17")

    assert guardians.needed(fan.id) is None
    assert values(fan) == {"age_band": ["14_17"]}


def test_no_way_leads_round_the_guardian(fan: Member) -> None:
    make_young(fan)

    for purpose in Purpose:
        assert not allowing.give(fan.id, purpose, Way.PROFILE_PAGE, NOON)
    with pytest.raises(NotAllowed):
        tell(fan, age_band="25_34")
    answers.clear(fan, Field.AGE_BAND, NOON)
    allowing.withdraw(fan.id, Purpose.PROFILE, Way.PROFILE_PAGE, NOON)
    allowing.give(fan.id, Purpose.PROFILE, Way.PROFILE_PAGE, NOON)
    wishes.change(fan.id, mail=True, without=[], at=NOON)

    assert allowed(fan) == []
    assert guardians.is_awaited(fan.id)


def test_telling_another_age_later_does_not_end_the_guardians_say(fan: Member) -> None:
    deciding.agree(make_asked(fan), [Purpose.PROFILE], NOON)
    tell(fan, age_band="25_34")

    assert values(fan) == {"age_band": ["25_34"]}
    assert not allowing.give(fan.id, Purpose.STATISTICS, Way.PROFILE_PAGE, NOON)


def test_nothing_goes_out_while_a_guardian_has_not_agreed(fan: Member) -> None:
    assert capping.claim(fan, AFTERNOON)
    make_young(fan)
    assert not capping.claim(fan, AFTERNOON + timedelta(days=1))

    asking.name(fan, PARENT, NOON)
    deciding.agree(guardianship_of(fan), [Purpose.PROFILE], NOON)
    assert capping.claim(fan, AFTERNOON + timedelta(days=2))


def test_nothing_is_shown_to_everybody_while_a_guardian_has_not_agreed(fan: Member) -> None:
    cards.switch(fan, True)
    people.change(fan, on=True, parts=[Part.LEVEL], findable=True, at=NOON)
    guardianship = make_asked(fan)

    assert db.session.scalars(cards.public_cards()).all() == []
    assert people.shown_among([fan.id]) == set()
    with pytest.raises(NotAllowed):
        cards.switch(fan, True)
    with pytest.raises(NotAllowed):
        people.change(fan, on=True, parts=[Part.LEVEL], findable=True, at=NOON)

    deciding.agree(guardianship, [Purpose.PROFILE], NOON)
    assert db.session.scalars(cards.public_cards()).all() == [fan]
    assert people.shown_among([fan.id]) == {fan.id}


def test_staff_lift_it_on_a_basis_and_the_fan_decides_alone(fan: Member) -> None:
    token = asking.token_of(make_asked(fan))
    agent = make_staff()
    with pytest.raises(Invalid):
        guardians.lift(fan, basis="\u200b ", by=agent, at=NOON)

    guardians.lift(fan, basis="Showed the identity card in the shop", by=agent, at=NOON)
    guardians.lift(fan, basis="Again", by=agent, at=NOON)

    assert guardians.needed(fan.id) is None
    assert allowing.give(fan.id, Purpose.STATISTICS, Way.PROFILE_PAGE, NOON)
    with pytest.raises(Gone):
        asking.look(token, NOON)
    acts = db.session.scalars(select(Event.actor_id).where(Event.kind == "member.guardian_lifted")).all()
    assert acts == [agent.id]


def test_without_the_setting_nobody_asks_for_guardians(fan: Member) -> None:
    set_guardian_age(0)
    allow(fan)
    tell(fan, age_band="under_14")

    assert guardians.needed(fan.id) is None
    assert values(fan) == {"age_band": ["under_14"]}


def test_a_stricter_setting_reaches_those_who_told_their_age_before(fan: Member) -> None:
    grown = make_fan("阿木")
    for one, band in ((fan, "14_17"), (grown, "25_34")):
        allow(one, Purpose.PROFILE, Purpose.STATISTICS)
        tell(one, age_band=band)

    set_guardian_age(18)
    jobs.drain(NOON)

    assert allowed(fan) == []
    assert values(fan) == {}
    assert allowed(grown) == [Purpose.PROFILE, Purpose.STATISTICS]

    set_guardian_age(14)
    assert guardians.needed(fan.id) is None
    assert allowing.give(fan.id, Purpose.STATISTICS, Way.PROFILE_PAGE, NOON)


def test_switched_off_and_on_again_what_a_child_allowed_meanwhile_does_not_count(fan: Member) -> None:
    make_young(fan)
    set_guardian_age(0)
    allow(fan, Purpose.STATISTICS)
    assert allowed(fan) == [Purpose.STATISTICS]

    set_guardian_age(14)
    assert allowed(fan) == []
    jobs.drain(NOON)
    assert db.session.scalars(select(Consent).where(Consent.withdrawn_at.is_(None))).all() == []


def test_two_windows_at_once_ask_for_one_guardian(committed_app: Flask) -> None:
    fan = make_fan()
    allow(fan, Purpose.PROFILE, Purpose.STATISTICS)
    fan_id = fan.id
    db.session.commit()

    def say() -> None:
        tell(db.session.get_one(Member, fan_id), age_band="under_14")

    failed = at_once(
        committed_app,
        say,
        say,
        lambda: allowing.give(fan_id, Purpose.RECOMMENDATIONS, Way.PROFILE_PAGE, NOON),
        lambda: allowing.give(fan_id, Purpose.MAIL, Way.PROFILE_PAGE, NOON),
    )

    assert {type(error).__name__ for error in failed} <= {"NotAllowed"}
    assert allowed(db.session.get_one(Member, fan_id)) == []
    assert guardians.is_awaited(fan_id)


def test_agreeing_and_withdrawing_at_once_ends_in_one_of_the_two(committed_app: Flask) -> None:
    fan = make_fan()
    token = asking.token_of(make_asked(fan))
    fan_id = fan.id
    db.session.commit()

    failed = at_once(
        committed_app,
        lambda: deciding.agree(asking.look(token, NOON), [Purpose.PROFILE], NOON),
        lambda: deciding.refuse(asking.look(token, NOON), NOON),
    )

    assert failed == []
    agreed = guardianship_of(db.session.get_one(Member, fan_id)).state(NOON) == "agreed"
    assert agreed == consents.given(fan_id, Purpose.PROFILE)


def test_one_child_in_the_circle_changes_nothing_for_the_others(fan: Member) -> None:
    grown, parted = make_fan("阿木"), make_fan("小山")
    for one in (grown, parted):
        allow(one, Purpose.PROFILE, Purpose.STATISTICS)
        tell(one, region="ZJ")
    make_young(fan)

    everybody = select(Member.id).where(consents.allows(Member.id, Purpose.PROFILE))
    told = select(Answer.member_id).where(consents.allows(Answer.member_id, Purpose.STATISTICS))
    awaited = select(Member.id).where(guardians.awaited(Member.id))

    assert set(db.session.scalars(everybody)) == set(db.session.scalars(told)) == {grown.id, parted.id}
    assert list(db.session.scalars(awaited)) == [fan.id]
    from_zhejiang = Group(Join.ALL, (Leaf("profile.region", {"value": "ZJ"}),))
    assert segments.count(from_zhejiang, NOON).members == 2
