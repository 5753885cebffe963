"""What the tests of tables start from."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from commons.accounts.models import User
from tests.factories import make_staff


@pytest.fixture
def author(app: Flask, at: datetime) -> User:
    """阿岚, who imports tables; she reads English."""
    return make_staff(language="en")
