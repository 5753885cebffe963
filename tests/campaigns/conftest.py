"""What the tests of campaigns share."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns.links.following import recorder
from commons import clock
from commons.permissions import Role
from tests.factories import NOON, make_staff, sign_in


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


@pytest.fixture
def lead(client: FlaskClient, at: datetime) -> FlaskClient:
    """The campaign lead's browser, signed in and reading English."""
    sign_in(client, make_staff(Role.CAMPAIGN_LEAD, language="en"))
    return client
