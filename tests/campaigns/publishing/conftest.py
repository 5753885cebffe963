"""What the tests of this room start from: somebody of the team, at noon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from campaigns.publishing import silence
from commons.accounts.models import User
from community.channels import protocol
from tests.campaigns.publishing.scripted import Scripted
from tests.factories import make_staff


@pytest.fixture
def author(app: Flask, at: datetime) -> User:
    """阿岚, who writes and schedules posts."""
    return make_staff()


@pytest.fixture(autouse=True)
def everybody_answers() -> Iterator[None]:
    """What one test remembers of who did not answer is nothing to the next."""
    yield
    silence.forget()


@pytest.fixture
def network(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """A network that does as it is told."""
    channel = Scripted()
    monkeypatch.setitem(protocol._channels, channel.name, channel)
    return channel
