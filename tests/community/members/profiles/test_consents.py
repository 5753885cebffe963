"""Consents: purpose by purpose, counted at once, with a history, and the wishes of notices in step with them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from commons import jobs
from commons.db import db
from commons.events import Event
from community.members import facts
from community.members.models import Member
from community.members.profiles import allowing, answers, consents
from community.members.profiles.models import Consent, Field, Purpose, Way
from community.notices import wishes
from tests.at_once import at_once
from tests.community.members.profiles.factories import allow, tell, values
from tests.factories import NOON, make_fan
from tests.servers.smtp import Smtp

AFTERNOON = datetime(2026, 3, 2, 8, tzinfo=UTC)


def kinds(member: Member) -> list[str]:
    query = select(Event.kind).where(Event.member_id == member.id, Event.kind.like("member.consent%"))
    return list(db.session.scalars(query.order_by(Event.id)))


def test_nothing_is_allowed_until_the_member_says_so(fan: Member) -> None:
    assert [purpose for purpose in Purpose if consents.given(fan.id, purpose)] == []


@pytest.mark.parametrize("purpose", list(Purpose))
def test_each_purpose_is_given_and_withdrawn_by_itself(fan: Member, purpose: Purpose) -> None:
    other = make_fan("阿木")

    allowing.give(fan.id, purpose, Way.PROFILE_PAGE, NOON)
    given = [one for one in Purpose if consents.given(fan.id, one)]
    allowing.withdraw(fan.id, purpose, Way.PROFILE_PAGE, NOON)

    assert given == [purpose]
    assert not consents.given(fan.id, purpose)
    assert not consents.given(other.id, purpose)


def test_twice_is_once_and_the_history_keeps_both_ends(fan: Member) -> None:
    for minute in (0, 1):
        allowing.give(fan.id, Purpose.STATISTICS, Way.PROFILE_PAGE, NOON + timedelta(minutes=minute))
    for minute in (2, 3):
        allowing.withdraw(fan.id, Purpose.STATISTICS, Way.PROFILE_PAGE, NOON + timedelta(minutes=minute))
    allowing.give(fan.id, Purpose.STATISTICS, Way.PROFILE_PAGE, NOON + timedelta(minutes=4))

    newest, oldest = consents.history(fan.id)
    assert (oldest.given_at, oldest.withdrawn_at) == (NOON, NOON + timedelta(minutes=2))
    assert (newest.given_at, newest.withdrawn_at) == (NOON + timedelta(minutes=4), None)
    assert (newest.wording, newest.given_way) == (1, Way.PROFILE_PAGE)
    assert kinds(fan) == ["member.consent_given", "member.consent_withdrawn", "member.consent_given"]


def test_the_timeline_says_it_in_the_readers_language(fan: Member) -> None:
    allowing.give(fan.id, Purpose.STATISTICS, Way.PROFILE_PAGE, NOON)
    fact = db.session.scalars(select(Event).where(Event.kind == "member.consent_given")).one()

    assert fact.payload["purpose"]["en"] == "Being counted in statistics"
    assert fact.payload["purpose"].keys() == {"zh", "en"}
    assert fact.payload["purpose"]["en"] in facts.say(fact) or fact.payload["purpose"]["zh"] in facts.say(fact)


def test_withdrawing_erases_what_was_kept_for_it_in_the_same_step(fan: Member) -> None:
    allow(fan, Purpose.PROFILE, Purpose.STATISTICS)
    tell(fan, region="ZJ", interest=["tea", "music"])

    allowing.withdraw(fan.id, Purpose.STATISTICS, Way.PROFILE_PAGE, NOON)
    assert values(fan) == {"region": ["ZJ"], "interest": ["tea", "music"]}

    allowing.withdraw(fan.id, Purpose.PROFILE, Way.PROFILE_PAGE, NOON)
    assert values(fan) == {}
    allow(fan)
    assert values(fan) == {}


def test_no_fact_holds_what_was_answered(fan: Member) -> None:
    allow(fan)
    tell(fan, region="XZ", interest=["photography"])
    written = [str(fact.payload) for fact in db.session.scalars(select(Event).where(Event.member_id == fan.id))]

    assert len(written) >= 2
    assert not any(word in text for text in written for word in ("XZ", "Xizang", "photography", "Photography"))


def test_the_page_of_notices_and_the_profile_speak_of_the_same_consent(fan: Member) -> None:
    wishes.change(fan.id, mail=True, without=[], at=NOON)
    assert consents.given(fan.id, Purpose.MAIL)
    assert consents.of_member(fan.id)[Purpose.MAIL].given_way is Way.NOTICES_PAGE

    allowing.withdraw(fan.id, Purpose.MAIL, Way.PROFILE_PAGE, NOON)
    wish = wishes.wish_of(fan.id)
    assert wish is not None
    db.session.refresh(wish)
    assert wish.mail_since is None

    allowing.give(fan.id, Purpose.MAIL, Way.PROFILE_PAGE, NOON + timedelta(days=1))
    db.session.refresh(wish)
    assert wish.mail_since == NOON + timedelta(days=1)

    wishes.change(fan.id, mail=False, without=[], at=NOON)
    assert not consents.given(fan.id, Purpose.MAIL)


def test_a_consent_withdrawn_while_a_message_waits_keeps_it_from_going_out(fan: Member, smtp: Smtp) -> None:
    from community.notices.telling import tell as say

    allow(fan, Purpose.MAIL, at=AFTERNOON - timedelta(days=1))
    assert say(fan.id, "profile.guardian_lifted", key="waiting", at=AFTERNOON) is not None
    allowing.withdraw(fan.id, Purpose.MAIL, Way.PROFILE_PAGE, AFTERNOON + timedelta(minutes=1))

    jobs.drain(AFTERNOON + timedelta(hours=1))

    assert smtp.messages == []


def test_giving_at_once_from_two_windows_is_one_consent(committed_app: Flask) -> None:
    fan_id = make_fan().id
    db.session.commit()

    failed = at_once(
        committed_app,
        *(lambda: allowing.give(fan_id, Purpose.PROFILE, Way.PROFILE_PAGE, NOON) for _window in range(6)),
    )

    assert failed == []
    assert len(db.session.scalars(select(Consent).where(Consent.member_id == fan_id)).all()) == 1


def test_telling_while_the_consent_is_withdrawn_leaves_nothing_without_consent(committed_app: Flask) -> None:
    fan = make_fan()
    allow(fan)
    fan_id = fan.id
    db.session.commit()

    def say(region: str) -> None:
        answers.tell(db.session.get_one(Member, fan_id), {Field.REGION: [region]}, NOON)

    failed = at_once(
        committed_app,
        lambda: say("ZJ"),
        lambda: say("FJ"),
        lambda: allowing.withdraw(fan_id, Purpose.PROFILE, Way.PROFILE_PAGE, NOON),
    )

    assert {type(error).__name__ for error in failed} <= {"NotAllowed"}
    assert not consents.given(fan_id, Purpose.PROFILE)
    assert values(db.session.get_one(Member, fan_id)) == {}
