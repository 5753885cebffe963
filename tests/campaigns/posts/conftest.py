"""What the tests of this room start from: noon, and somebody of the team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from commons import clock
from commons.accounts.models import User
from tests.factories import NOON, make_staff


@pytest.fixture
def at() -> Iterator[datetime]:
    """The clock is held at noon."""
    with clock.held(NOON):
        yield NOON


@pytest.fixture
def author(app: Flask, at: datetime) -> User:
    """阿岚, who writes and schedules posts."""
    return make_staff()
