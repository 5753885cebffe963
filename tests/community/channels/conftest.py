"""What the tests of networks start from: the outbound door, words and a media store, and no database; and what pages start from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commons import i18n
from commons.accounts.models import User
from commons.media.store import Store
from commons.outbound import Policy
from tests.community.channels.bluesky_server import BlueskyServer
from tests.community.channels.contract import let_in
from tests.factories import make_staff, sign_in


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Flask]:
    """An application that can call the outside. Its context is open; `contract.let_in` lets it call a server."""
    app = Flask("outside")
    app.extensions["outbound"] = Policy()
    i18n.init_app(app)
    app.extensions["media"] = Store(tmp_path)
    with app.app_context():
        yield app


@pytest.fixture
def bluesky(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[BlueskyServer]:
    with BlueskyServer() as server:
        let_in(app, server, until=monkeypatch)
        yield server


@pytest.fixture
def manager(app: Flask, at: datetime, client: FlaskClient) -> User:
    """阿岚, signed in and reading English."""
    manager = make_staff(language="en")
    sign_in(client, manager)
    return manager
