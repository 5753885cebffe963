"""Choirs: the same words of many people in one place, and what is only a good line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from community.loyalty.watching.choirs import choirs
from community.loyalty.watching.models import Sign
from community.loyalty.watching.signs import Finding, Seen
from community.loyalty.watching.slots import Said

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEA = Said("the best tea of all", "tea", letters=15, place=1)


def found(minutes: Sequence[float], *words: Said, people: int = 1000) -> list[Finding]:
    """What is found when somebody else speaks at each of these minutes, and they say these words in turn."""
    facts = [Seen(number, number % people, NOON + timedelta(minutes=minute)) for number, minute in enumerate(minutes)]
    return list(choirs(facts, {fact.id: words[fact.id % len(words)] for fact in facts}))


def test_twelve_people_with_the_same_words_within_an_hour_are_a_choir_with_its_numbers() -> None:
    (one,) = found(range(0, 60, 5), TEA)

    assert (one.sign, one.members, one.facts) == (Sign.CHOIR, tuple(range(12)), tuple(range(12)))
    assert (one.evidence["people"], one.evidence["times"]) == (12, 12)
    assert one.evidence["last"] == (NOON + timedelta(minutes=55)).isoformat()


def test_eleven_are_not_and_neither_are_twelve_over_the_day() -> None:
    assert found(range(0, 55, 5), TEA) == []
    assert found(range(0, 720, 60), TEA) == []


def test_one_person_is_no_choir_however_often() -> None:
    assert found(range(40), TEA, people=3) == []


def test_other_places_other_words_and_short_ones_are_none() -> None:
    assert found(range(22), TEA, Said("the best tea of all", "tea", 15, place=2)) == []
    assert found(range(22), TEA, Said("the best cup of all", "cup", 15, place=1)) == []
    assert found(range(40), Said("good tea", "good", 7, place=1)) == []
    assert found(range(40), Said("the best tea of all", "tea", 15, place=None)) == []


def test_only_those_inside_the_hour_are_named() -> None:
    (one,) = found([-300, *range(15), 400], TEA)

    assert one.facts == tuple(range(1, 16))
