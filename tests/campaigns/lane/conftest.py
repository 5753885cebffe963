"""What the tests of this room start from: somebody who writes, and somebody who approves, at noon."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from commons.accounts.models import User
from commons.permissions import Role
from tests.factories import make_staff


@pytest.fixture
def author(app: Flask, at: datetime) -> User:
    """阿岚, who sees what is hot."""
    return make_staff()


@pytest.fixture
def approver(app: Flask, at: datetime) -> User:
    """周砚, who approves."""
    return make_staff(Role.APPROVER, "周砚")
