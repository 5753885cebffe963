"""Echoes: the same words over and over, and what is only a habit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from community.loyalty.watching.echoes import Echoes, crowded, echoes
from community.loyalty.watching.models import Sign
from community.loyalty.watching.signs import Finding, Seen

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(hours: Sequence[float]) -> list[Seen]:
    return [Seen(number, 1, NOON + timedelta(hours=hour)) for number, hour in enumerate(hours, start=1)]


def found(facts: Sequence[Seen], *words: str) -> list[Finding]:
    """What is found when the facts say these words in turn."""
    return list(echoes(facts, {fact.id: words[number % len(words)] for number, fact in enumerate(facts)}))


def test_the_same_words_ten_times_in_a_day_are_an_echo_with_its_numbers() -> None:
    (one,) = found(at(range(12)), "tea")

    assert (one.sign, one.members, one.facts) == (Sign.ECHO, (1,), tuple(range(1, 13)))
    assert (one.evidence["times"], one.evidence["different"]) == (12, 1)
    assert one.evidence["last"] == (NOON + timedelta(hours=11)).isoformat()


def test_nine_times_are_not_and_neither_is_a_greeting_every_morning() -> None:
    assert found(at(range(9)), "tea") == []
    assert found(at([24 * day for day in range(30)]), "good morning") == []


def test_different_words_are_no_echo_and_no_words_are_none() -> None:
    assert found(at(range(18)), "tea", "cup") == []
    assert found(at(range(18)), "") == []


def test_two_echoes_of_one_person_are_one_question() -> None:
    (one,) = found(at([number / 2 for number in range(24)]), "tea", "cup")

    assert (one.evidence["times"], one.evidence["different"]) == (24, 2)


def test_only_what_stands_close_together_is_asked_for_its_words() -> None:
    close = crowded(at([*range(0, 240, 24), *[300 + number for number in range(10)]]))

    assert [fact.id for fact in close] == list(range(11, 21))
    assert len(crowded(at([0, 1]), Echoes(least=2))) == 2
