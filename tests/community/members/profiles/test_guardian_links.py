"""The guardian's link: what it allows and withdraws, to whom and how often it is sent, when it ends."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from commons.errors import Conflict, Gone, Invalid
from community.members.models import Member
from community.members.profiles import allowing, asking, consents, deciding, guardians
from community.members.profiles.models import Purpose, Way
from tests.community.members.profiles.factories import (
    PARENT,
    allow,
    allowed,
    guardianship_of,
    letters,
    make_asked,
    make_young,
    tell,
    values,
)
from tests.factories import NOON
from tests.servers.smtp import Smtp


def test_the_guardian_gets_a_link_in_both_languages(fan: Member, smtp: Smtp) -> None:
    make_asked(fan)
    (letter,) = letters(smtp)
    link = re.search(r"/guardians/(\S+)", letter)

    assert letter.count("/guardians/") == 2
    assert "小满" in letter
    assert link is not None
    assert asking.look(link[1], NOON).member == fan


def test_the_guardian_allows_what_is_ticked_and_no_more(fan: Member) -> None:
    allow(fan, Purpose.PROFILE, Purpose.STATISTICS)
    guardianship = make_asked(fan)

    deciding.agree(guardianship, [Purpose.PROFILE, Purpose.MAIL], NOON)

    assert allowed(fan) == [Purpose.PROFILE]  # mail was not asked for
    assert consents.of_member(fan.id)[Purpose.PROFILE].given_way is Way.GUARDIAN
    assert values(fan) == {"age_band": ["under_14"]}
    tell(fan, region="ZJ", age_band="under_14")
    assert values(fan) == {"region": ["ZJ"], "age_band": ["under_14"]}


def test_agreeing_to_nothing_is_no_agreement(fan: Member) -> None:
    with pytest.raises(Invalid):
        deciding.agree(make_asked(fan), [], NOON)

    assert allowed(fan) == []


def test_the_same_link_withdraws_later_and_everything_goes(fan: Member) -> None:
    guardianship = make_asked(fan)
    token = asking.token_of(guardianship)
    deciding.agree(guardianship, [Purpose.PROFILE], NOON)
    tell(fan, region="ZJ")
    years = NOON + timedelta(days=900)

    deciding.refuse(asking.look(token, years), years)

    assert allowed(fan) == []
    assert values(fan) == {}
    assert asking.look(token, years).state(years) == "withdrawn"
    deciding.agree(asking.look(token, years), [Purpose.PROFILE], years)
    assert allowed(fan) == [Purpose.PROFILE]


def test_after_a_no_the_child_cannot_ask_somebody_else(fan: Member) -> None:
    deciding.refuse(make_asked(fan), NOON)

    with pytest.raises(Conflict):
        asking.name(fan, "friend@example.net", NOON + timedelta(days=2))
    with pytest.raises(Conflict):
        asking.remind(fan, NOON + timedelta(days=2))


def test_the_child_withdraws_alone_and_asks_for_more(fan: Member, smtp: Smtp) -> None:
    deciding.agree(make_asked(fan), [Purpose.PROFILE], NOON)

    allowing.withdraw(fan.id, Purpose.PROFILE, Way.PROFILE_PAGE, NOON)
    assert allowed(fan) == []

    assert not allowing.give(fan.id, Purpose.STATISTICS, Way.PROFILE_PAGE, NOON)
    assert deciding.offered(guardianship_of(fan)) == [Purpose.STATISTICS]
    assert len(letters(smtp)) == 2


@pytest.mark.parametrize("address", ["", "nobody", "a@b", "мама@example.org", "a@example.org, b@example.org"])
def test_what_is_no_address_is_refused(fan: Member, address: str) -> None:
    make_young(fan)

    with pytest.raises(Invalid):
        asking.name(fan, address, NOON)


def test_nobody_is_the_own_guardian(fan: Member) -> None:
    make_young(fan)
    assert fan.user is not None
    local, _at, domain = str(fan.user.email).partition("@")

    for own in (
        f"{local}@{domain}",
        f" {local.upper()}@{domain} ",
        f"{local}+mum@{domain}",
        f"{local[0]}.{local[1:]}@{domain}",
    ):
        with pytest.raises(Invalid):
            asking.name(fan, own, NOON)


def test_a_new_address_ends_the_old_link_and_a_reminder_keeps_it(fan: Member) -> None:
    old = asking.token_of(make_asked(fan))
    asking.remind(fan, NOON)
    assert asking.look(old, NOON)

    asking.name(fan, "other@example.net", NOON)
    with pytest.raises(Gone):
        asking.look(old, NOON)
    assert asking.look(asking.token_of(guardianship_of(fan)), NOON)


def test_nobody_is_written_to_more_than_three_times_a_day(fan: Member) -> None:
    make_asked(fan)
    for minute in (1, 2):
        asking.remind(fan, NOON + timedelta(minutes=minute))

    with pytest.raises(Conflict):
        asking.remind(fan, NOON + timedelta(hours=23))
    asking.remind(fan, NOON + timedelta(hours=25))


def test_a_link_that_nobody_answered_ends_and_the_address_is_erased(fan: Member) -> None:
    token = asking.token_of(make_asked(fan))
    late = NOON + timedelta(days=31)

    assert guardians.forget_unanswered(NOON + timedelta(days=29)) == 0
    assert guardians.forget_unanswered(late) == 1
    with pytest.raises(Gone):
        asking.look(token, late)
    assert guardianship_of(fan).email == ""
    assert guardianship_of(fan).state(late) == "expired"
    asking.name(fan, PARENT, late)
    assert guardianship_of(fan).state(late) == "asked"


@pytest.mark.parametrize("token", ["x", "", "WyJhIiwgMV0.abc", "....", "é"])
def test_a_link_that_we_did_not_make_opens_nothing(fan: Member, token: str) -> None:
    make_asked(fan)

    with pytest.raises(Gone):
        asking.look(token, NOON)
