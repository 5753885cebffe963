"""A fan with a phone in English, and a colleague with a browser."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons.permissions import Role
from community.members.models import Member
from tests.factories import make_fan, make_staff, sign_in


@pytest.fixture
def fan(app: Flask, at: datetime) -> Member:
    return make_fan("小满", at, language="en")


@pytest.fixture
def phone(app: Flask, fan: Member) -> FlaskClient:
    """The fan's own phone."""
    client: FlaskClient = app.test_client()
    assert fan.user is not None
    sign_in(client, fan.user)
    return client


@pytest.fixture
def desk(app: Flask, at: datetime) -> FlaskClient:
    """The browser of a service agent, who may enter what is known of fans."""
    client: FlaskClient = app.test_client()
    sign_in(client, make_staff(Role.SERVICE_AGENT, "何田", language="en"))
    return client
