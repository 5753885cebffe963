"""What fans write stands at once, whatever rooms above would look at first; a test says so where it is about that."""

from __future__ import annotations

import pytest
from flask import Flask

from community.circle.interests import slots


@pytest.fixture(autouse=True)
def nobody_looks_first(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots.submitting, "_plugs", [])
