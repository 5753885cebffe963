"""Profile answers in lists of members: only with consent, never over what the member said, and out again."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask_babel import force_locale

from commons.accounts.models import User
from commons.sheets.models import Outcome, Verdict
from commons.tables import csv_lines
from community.members import listing
from community.members.exchange.importing import members_in
from community.members.listing import Search
from community.members.models import Member
from community.members.profiles import allowing, consents
from community.members.profiles import answers as profile
from community.members.profiles.answers import answers_of
from community.members.profiles.models import Field, Purpose, Way
from community.members.segments.tree import Leaf
from tests.community.members.exchange.lists import HEAD, members, taken_in, verdicts, written
from tests.community.members.segments.factories import catch_up, every, ids_of, kept, make_segment
from tests.factories import make_fan

PROFILE = [*HEAD, "Region", "Age", "Interests", "Consent to the profile"]


def answers(member: Member) -> set[tuple[str, str, str]]:
    told = answers_of([member.id])[member.id]
    return {(answer.field.value, answer.value, answer.source.value) for answer in told}


def test_answers_come_in_only_where_the_person_agreed(lead: User, at: datetime) -> None:
    agreed = ["小满", "a@example.org", "", "", "", "浙江", "25 to 34", "tea; 旅行", "是"]
    silent = ["阿木", "b@example.org", "", "", "", "Fujian", "", "", ""]
    with force_locale("en"):
        rows = written(lead, at, agreed, silent, head=PROFILE)

    one, other = members()
    assert answers(one) == {
        ("region", "ZJ", "import"), ("age_band", "25_34", "import"), ("interest", "tea", "import"),
        ("interest", "travel", "import"),
    }  # fmt: skip
    assert answers(other) == set()
    assert "has not been allowed" in rows[1].notes[0][1]["en"]
    (consent,) = consents.history(one.id)
    assert (consent.purpose, consent.given_way) == (Purpose.PROFILE, Way.LIST)
    assert answers_of([one.id])[one.id][0].basis == "signed our list"


def test_what_a_member_told_or_withdrew_is_not_changed_by_a_list(lead: User, at: datetime) -> None:
    told, withdrew = make_fan("小满", at=at), make_fan("阿木", at=at)
    for fan in (told, withdrew):
        allowing.give(fan.id, Purpose.PROFILE, Way.PROFILE_PAGE, at)
    profile.tell(told, {Field.REGION: ["FJ"]}, at)
    allowing.withdraw(withdrew.id, Purpose.PROFILE, Way.PROFILE_PAGE, at)
    rows = [
        ["", fan.user.email or "", "", "", "", "Zhejiang", "", "tea", "yes"]
        for fan in (told, withdrew)
        if fan.user is not None
    ]

    done = written(lead, at, *rows, head=PROFILE)

    assert answers(told) == {("region", "FJ", "fan"), ("interest", "tea", "import")}
    assert answers(withdrew) == set()
    assert [row.outcome for row in done] == [Outcome.WRITTEN, Outcome.UNCHANGED]
    assert verdicts(taken_in(lead, at, *rows, head=PROFILE)) == [Verdict.SAME] * 2


def test_an_answer_that_is_none_breaks_its_row(lead: User, at: datetime) -> None:
    rows = [
        ["小满", "a@example.org", "", "", "", "Atlantis", "", "", "yes"],
        ["阿木", "b@example.org", "", "", "", "浙江; 福建", "", "", "yes"],
        ["小山", "c@example.org", "", "", "", "", "", "", "perhaps"],
    ]

    assert verdicts(taken_in(lead, at, *rows, head=PROFILE)) == [Verdict.BROKEN] * 3


def test_answers_are_in_the_export_and_come_back_as_the_same(app: Flask, lead: User, at: datetime) -> None:
    written(lead, at, ["小满", "a@example.org", "", "", "", "浙江", "", "tea; travel", "yes"], head=PROFILE)
    for language in ("en", "zh_Hans"):
        with app.app_context(), force_locale(language):
            content = "".join(csv_lines(listing.table(Search(), lead, lead.zone))).encode()
        with force_locale(language):
            found = members_in.open("members.csv", content, basis="our own list", by=lead, at=at)

        assert verdicts(found) == [Verdict.SAME]
        assert ("Zhejiang" if language == "en" else "浙江") in content.decode()


def test_a_segment_asks_for_what_was_told(lead: User, at: datetime) -> None:
    segment = make_segment(every(Leaf("profile.interest", {"value": "tea"})))
    written(lead, at, ["小满", "a@example.org", "", "", "", "", "", "tea", "yes"], head=PROFILE)
    catch_up(at)
    (member,) = members()
    assert kept(segment) == ids_of(member)

    allowing.withdraw(member.id, Purpose.PROFILE, Way.PROFILE_PAGE, at)
    catch_up(at)

    assert kept(segment) == set()
