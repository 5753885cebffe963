"""What the tests of networks start from: the outbound door, words and a media store, and no database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from commons import i18n
from commons.media.store import Store
from commons.outbound import Policy


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Flask]:
    """An application that can call the outside. Its context is open; `contract.let_in` lets it call a server."""
    app = Flask("outside")
    app.extensions["outbound"] = Policy()
    i18n.init_app(app)
    app.extensions["media"] = Store(tmp_path)
    with app.app_context():
        yield app
