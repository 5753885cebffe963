"""What the tests of planning share: of all that is to be known before a launch, only what planning itself finds."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.planning import launching, slots
from commons.slots import Slot


@pytest.fixture(autouse=True)
def own_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    own: Slot[Any] = Slot("what is to be known before a launch")
    own.plug(launching.own_findings)
    monkeypatch.setattr(slots, "before_launch", own)
