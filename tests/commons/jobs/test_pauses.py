from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from commons.jobs.pauses import LONGEST, pause


def test_the_pauses_grow_fourfold() -> None:
    assert [pause(tries, 1).total_seconds() for tries in (1, 2, 3, 4, 5, 6)] == [15, 60, 240, 960, 3840, 10800]


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_chance_shortens_a_pause_by_at_most_one_half(tries: int, chance: float) -> None:
    whole = pause(tries, 1)
    assert whole / 2 <= pause(tries, chance) <= whole
    assert whole.total_seconds() <= LONGEST
