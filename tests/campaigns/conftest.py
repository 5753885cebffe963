"""What the tests of campaigns share."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask

from campaigns.links.following import recorder
from commons import clock
from tests.factories import NOON


@pytest.fixture
def at() -> Iterator[datetime]:
    """Noon on the first of March; the clock stands there."""
    clock.set_to(NOON)
    yield NOON
    clock.set_to(None)


@pytest.fixture
def drain(app: Flask) -> Iterator[Callable[[], int]]:
    """Writes spooled visits to the database; the spool is empty before and after the test."""
    folder = recorder().spool.folder
    recorder().spool.drain(lambda rows: None)
    yield recorder().drain
    recorder().spool.drain(lambda rows: None)
    shutil.rmtree(folder, ignore_errors=True)
