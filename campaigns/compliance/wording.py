"""Compliance in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.compliance.models import Preset
from campaigns.compliance.rules import Weight

PRESETS = {Preset.CHINA: _l("China"), Preset.EU_US: _l("European Union and United States")}
WEIGHTS = {Weight.BLOCKS: ("bad", _l("Blocks the launch")), Weight.WARNS: ("warn", _l("Look at it"))}


def acts() -> Mapping[str, Any]:
    """What the team did."""
    return {
        "compliance.acknowledged": _l("Let a warning stand for the campaign “%(title)s”: %(finding)s (%(reason)s)"),
        "compliance.disclosed": _l("Wrote what the campaign “%(title)s” discloses"),
    }
