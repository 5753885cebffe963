"""What the tests of this room start from: somebody who writes, and somebody who approves, at noon."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from commons.accounts.models import User
from tests.campaigns.approval.factories import an_approver
from tests.factories import make_staff


@pytest.fixture
def author(app: Flask, at: datetime) -> User:
    """阿岚, who writes and schedules posts."""
    return make_staff()


@pytest.fixture
def approver(app: Flask, at: datetime) -> User:
    """周砚, who approves them."""
    return an_approver()
