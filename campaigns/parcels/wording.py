"""Parcels in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.parcels.goods import Kind

KINDS: Mapping[Kind, Any] = {
    Kind.PRIZE: _l("Prize of a draw"),
    Kind.REWARD: _l("Reward of the points shop"),
    Kind.SEAT: _l("Seat in a group buy"),
}
PLACES: Mapping[Kind, tuple[str, Any]] = {
    Kind.PRIZE: ("draws.index", _l("Draws")),
    Kind.REWARD: ("rewards.queue", _l("Hand over")),
    Kind.SEAT: ("groupbuys.index", _l("Group buys")),
}
"""The page on which each kind is sent one by one, and what it is called."""


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {"parcels.imported": _l("Imported %(count)s parcels from “%(name)s”")}
