"""Who brings lists in."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from commons.accounts.models import User
from commons.permissions import Role
from tests.factories import make_staff


@pytest.fixture
def lead(app: Flask, at: datetime) -> User:
    return make_staff(Role.CAMPAIGN_LEAD, language="en", zone="Asia/Shanghai")
