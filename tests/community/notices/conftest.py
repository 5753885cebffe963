"""A fan with a browser, and two sentences that the tests tell."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from community.members.models import Member
from community.notices import slots
from tests.community.notices import factories
from tests.factories import make_fan, sign_in


@pytest.fixture(autouse=True)
def known_sentences() -> None:
    slots.sentences.plug(factories.sentences)


@pytest.fixture
def fan(app: Flask, at: datetime) -> Member:
    return make_fan("小满", at, language="en")


@pytest.fixture
def browser(app: Flask, fan: Member) -> FlaskClient:
    """The fan's own browser, in English."""
    client: FlaskClient = app.test_client()
    assert fan.user is not None
    sign_in(client, fan.user)
    return client
