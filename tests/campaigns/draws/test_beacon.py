"""The public beacon: which round belongs to which moment, and that a signature is really its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.draws.beacon import QUICKNET, Forged
from tests.campaigns.draws.factories import RANDOMNESS, REVEAL, ROUNDS


@pytest.mark.parametrize("number", RANDOMNESS)
def test_a_round_that_was_really_published_is_proven(number: int) -> None:
    assert QUICKNET.randomness(number, ROUNDS[number]) == RANDOMNESS[number]


def test_the_signature_of_another_round_is_refused() -> None:
    with pytest.raises(Forged):
        QUICKNET.randomness(1000, ROUNDS[1001])


@pytest.mark.parametrize("place", [0, 1, 40, 95])
def test_a_signature_with_any_letter_changed_is_refused(place: int) -> None:
    letter = "0" if ROUNDS[1000][place] != "0" else "1"
    with pytest.raises(Forged):
        QUICKNET.randomness(1000, ROUNDS[1000][:place] + letter + ROUNDS[1000][place + 1 :])


@pytest.mark.parametrize("signature", ["", "zz", "00" * 48, "c0" + "00" * 47, "ff" * 48, "ab" * 96, "abc"])
def test_what_is_no_signature_is_refused(signature: str) -> None:
    with pytest.raises(Forged):
        QUICKNET.randomness(1000, signature)


def test_round_1000_came_out_when_the_chain_says() -> None:
    assert QUICKNET.moment_of(1000) == REVEAL
    assert QUICKNET.round_at(REVEAL) == 1000
    assert QUICKNET.round_at(REVEAL + timedelta(microseconds=1)) == 1001
    assert QUICKNET.round_at(datetime(2020, 1, 1, tzinfo=UTC)) == 1


@given(st.datetimes(datetime(2024, 1, 1), datetime(2060, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC)))
def test_the_round_of_a_moment_comes_out_then_or_just_after(moment: datetime) -> None:
    number = QUICKNET.round_at(moment)
    assert QUICKNET.moment_of(number - 1) < moment <= QUICKNET.moment_of(number)
