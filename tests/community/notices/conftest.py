"""A fan with a browser, and two sentences that the tests tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import clock
from community.members.models import Member
from community.notices import slots
from tests.community.channels.contract import let_in
from tests.community.notices import factories
from tests.community.notices.pushing import AFTERNOON, take
from tests.factories import browser_of, make_fan
from tests.servers.push import PushedTo, PushServer


@pytest.fixture(autouse=True)
def known_sentences() -> None:
    slots.sentences.plug(factories.sentences)


@pytest.fixture
def fan(app: Flask, at: datetime) -> Member:
    return make_fan("小满", at, language="en")


@pytest.fixture
def browser(app: Flask, fan: Member) -> FlaskClient:
    """The fan's own browser, in English."""
    return browser_of(app, fan)


@pytest.fixture
def service(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushServer]:
    clock.set_to(AFTERNOON)
    with PushServer() as server:
        let_in(app, server, until=monkeypatch)
        yield server
    assert server.complaints == []


@pytest.fixture
def phone(service: PushServer, fan: Member) -> PushedTo:
    """A browser of the fan that takes all notices, asked with the key of the house."""
    return take(service, fan)
