"""What the tests of the check share: the moment for which the draws of the tests are made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from commons import clock
from tests.campaigns.draws.factories import LAUNCH


@pytest.fixture(autouse=True)
def at() -> Iterator[datetime]:
    """Three hours before the list of the usual draw closes; the clock stands there."""
    clock.set_to(LAUNCH)
    yield LAUNCH
    clock.set_to(None)
