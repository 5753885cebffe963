from __future__ import annotations

import pytest

from commons.jobs import registry


def another(number: int) -> None:
    """Not the function that the crew has registered."""


def test_a_name_means_one_function() -> None:
    with pytest.raises(ValueError, match="already registered"):
        registry.job("crew.note")(another)
    with pytest.raises(ValueError, match="already registered"):
        registry.sweep("crew.note", claim=lambda at, limit: [], run=lambda item, at: None)


def test_registering_the_same_function_anew_is_no_conflict() -> None:
    before = registry.known("crew.note")
    registry.job("crew.note")(before.function)
    assert registry.known("crew.note") == before


def test_there_are_two_queues() -> None:
    with pytest.raises(ValueError, match="is not a queue"):
        registry.job("crew.other", queue="somewhere")(another)
