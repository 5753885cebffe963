"""Signs that accounts are one person's: pure."""

from __future__ import annotations

import random

from campaigns.participation.persons.signs import Sighting, same_minutes, together


def test_two_who_always_act_in_the_same_minutes_are_seen() -> None:
    chance = random.Random(3)
    mine = chance.sample(range(100_000), 20)
    acts = [(1, minute) for minute in mine] + [(2, minute) for minute in mine[:15]]
    acts += [(member, chance.randrange(100_000)) for member in range(3, 200) for _time in range(20)]

    assert list(same_minutes(acts)) == [Sighting("same_minutes", (1, 2), {"times": 15, "of": 15})]


def test_a_live_event_ties_nobody_together() -> None:
    acts = [(member, minute) for member in range(1, 40) for minute in range(10)]

    assert list(same_minutes(acts)) == []


def test_friends_who_act_together_now_and_then_are_not_seen() -> None:
    chance = random.Random(5)
    acts = [(member, chance.randrange(10_000)) for member in (1, 2, 3) for _time in range(40)]
    acts += [(member, minute) for minute in range(7) for member in (1, 2)]

    assert list(same_minutes(acts)) == []


def test_accounts_are_tied_together_by_others() -> None:
    first, second = Sighting("mailbox", (1, 2)), Sighting("ring", (3, 2))

    assert together([first, second, Sighting("ring", (7, 8)), Sighting("ring", (9,))]) == [
        ((1, 2, 3), [first, second]),
        ((7, 8), [Sighting("ring", (7, 8))]),
    ]
