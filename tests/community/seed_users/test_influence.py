"""The grade of influence follows from its figures, each by its own steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.seed_users.influence import STEPS, Figure, Figures, Grade, next_step

NUMBERS = st.integers(0, 100_000)
ANY = st.builds(Figures, st.none() | NUMBERS, NUMBERS, NUMBERS, NUMBERS)


@pytest.mark.parametrize(
    ("figures", "grade"),
    [
        (Figures(), Grade.NONE),
        (Figures(followers=1_000_000), Grade.NONE),
        (Figures(followers=1_000_000, brought=2), Grade.NOTICED),
        (Figures(spread=50, answered_by=20), Grade.STRONG),
        (Figures(spread=49, answered_by=20), Grade.NOTICED),
        (Figures(None, 250, 100, 0), Grade.VERY_STRONG),
    ],
)
def test_two_figures_have_to_reach_a_grade(figures: Figures, grade: Grade) -> None:
    assert figures.grade is grade


@given(ANY, st.sampled_from(Figure), NUMBERS)
def test_more_of_anything_never_lowers_the_grade(figures: Figures, which: Figure, more: int) -> None:
    raised = {figure.value: figures.value(figure) for figure in Figure}
    raised[which.value] = (raised[which.value] or 0) + more

    assert Figures(**raised).grade >= figures.grade  # type: ignore[arg-type]


@given(ANY)
def test_exactly_so_many_figures_reach_it_and_fewer_than_two_reach_more(figures: Figures) -> None:
    reached = [figures.grade_of(figure) for figure in Figure]

    assert sum(one >= figures.grade for one in reached) >= 2
    assert sum(one > figures.grade for one in reached) < 2


@pytest.mark.parametrize("figure", Figure)
def test_the_next_step_is_the_next_until_the_top(figure: Figure) -> None:
    def with_value(value: int) -> Figures:
        return Figures(**{figure.value: value})

    first, _second, third = STEPS[figure]
    assert next_step(with_value(first - 1), figure) == first
    assert next_step(with_value(first), figure) == STEPS[figure][1]
    assert next_step(with_value(third), figure) is None
