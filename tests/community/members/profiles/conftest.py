"""A fan with a phone in English, and a colleague with a browser."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.permissions import Role
from community.members.models import Member
from tests.factories import browser_of, make_fan, make_staff


@pytest.fixture
def fan(app: Flask, at: datetime) -> Member:
    return make_fan("小满", at, language="en")


@pytest.fixture
def phone(app: Flask, fan: Member) -> FlaskClient:
    """The fan's own phone."""
    return browser_of(app, fan)


@pytest.fixture
def desk(app: Flask, at: datetime) -> FlaskClient:
    """The browser of a service agent, who may enter what is known of fans."""
    return browser_of(app, make_staff(Role.SERVICE_AGENT, "何田", language="en"))
