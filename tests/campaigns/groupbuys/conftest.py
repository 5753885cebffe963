"""What the tests of group buys share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from campaigns.payments import slots
from tests.campaigns.groupbuys.far_end import FarEnd


@pytest.fixture
def far_end() -> Iterator[FarEnd]:
    """The provider behind offers with payment, with books that no rollback of ours touches."""
    books = FarEnd()
    make = books.provider
    slots.providers.plug(make)
    yield books
    slots.providers._plugs.remove(make)
