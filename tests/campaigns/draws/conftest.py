"""What the tests of draws share: a moment before a round of the beacon that is known, and a mirror that gives it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from commons import clock
from commons.outbound import Policy
from tests.campaigns.draws.factories import LAUNCH
from tests.campaigns.draws.mirror import Mirror


@pytest.fixture
def at() -> Iterator[datetime]:
    """Three hours before the list of the usual draw closes; the clock stands there."""
    clock.set_to(LAUNCH)
    yield LAUNCH
    clock.set_to(None)


@pytest.fixture
def mirror(app: Flask) -> Iterator[Mirror]:
    """Two mirrors of the beacon on this machine: the first is down, the second is this one."""
    before = app.extensions["settings"], app.extensions["outbound"]
    with Mirror() as far_end:
        addresses = ("http://127.0.0.1:9", far_end.url)
        app.extensions["settings"] = dataclasses.replace(before[0], drand_mirrors=addresses)
        app.extensions["outbound"] = Policy(allowed=frozenset({("127.0.0.1", far_end.port), ("127.0.0.1", 9)}))
        yield far_end
    app.extensions["settings"], app.extensions["outbound"] = before
