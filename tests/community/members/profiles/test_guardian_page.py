"""The page that a guardian opens from the mail: no account, plain words, two buttons."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from commons import clock
from commons.accounts import changing
from community.members.models import Member
from community.members.profiles import asking, consents
from community.members.profiles.models import Purpose
from tests.community.members.profiles.factories import allow, guardianship_of, make_asked, tell, values
from tests.factories import NOON

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def address(fan: Member) -> str:
    allow(fan, Purpose.PROFILE, Purpose.STATISTICS)
    return f"/guardians/{asking.token_of(make_asked(fan))}"


def given(fan: Member) -> list[Purpose]:
    return [purpose for purpose in Purpose if consents.given(fan.id, purpose)]


def test_it_says_who_asks_for_what_and_ticks_nothing(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers=ENGLISH)

    assert "小满 has an account with" in answer.text
    assert "When you withdraw this, all of these answers are erased at once." in answer.text
    assert "checked" not in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_looking_decides_nothing(client: FlaskClient, fan: Member, address: str) -> None:
    client.get(address)

    assert guardianship_of(fan).state(NOON) == "asked"


def test_agreeing_and_later_withdrawing_by_the_same_link(client: FlaskClient, fan: Member, address: str) -> None:
    agreed = client.post(address, data={"act": "agree", "purposes": ["profile"]}, headers=ENGLISH)
    assert agreed.status_code == 200
    assert given(fan) == [Purpose.PROFILE]
    tell(fan, region="ZJ")

    clock.set_to(NOON + timedelta(days=400))
    later = client.get(address, headers=ENGLISH).text
    assert "You have agreed" in later
    assert "Zhejiang" in later
    assert "Withdraw everything" in later

    client.post(address, data={"act": "refuse"}, headers=ENGLISH)
    assert given(fan) == []
    assert values(fan) == {}


def test_agreeing_without_a_tick_is_refused_with_a_word(client: FlaskClient, fan: Member, address: str) -> None:
    answer = client.post(address, data={"act": "agree"}, headers=ENGLISH)

    assert answer.status_code == 422
    assert "Tick what you agree to, or refuse." in answer.text
    assert given(fan) == []


@pytest.mark.parametrize("purpose", ["mail", "nonsense"])
def test_what_was_not_asked_cannot_be_given(client: FlaskClient, fan: Member, address: str, purpose: str) -> None:
    answer = client.post(address, data={"act": "agree", "purposes": [purpose]}, headers=ENGLISH)

    assert answer.status_code == 422
    assert given(fan) == []


def test_a_name_full_of_tricks_is_shown_as_plain_words(client: FlaskClient, fan: Member, address: str) -> None:
    assert fan.user is not None
    changing.rename(fan.user, "<b>茶</b>", NOON)

    assert "&lt;b&gt;茶&lt;/b&gt; has an account" in client.get(address, headers=ENGLISH).text


@pytest.mark.parametrize("token", ["x", "W10.x", "WyJhIiwgMV0.abc"])
def test_any_other_link_is_over_and_tells_nothing(client: FlaskClient, address: str, token: str) -> None:
    for answer in (
        client.get(f"/guardians/{token}", headers=ENGLISH),
        client.post(f"/guardians/{token}", headers=ENGLISH),
    ):
        assert answer.status_code == 410
        assert "小满" not in answer.text
