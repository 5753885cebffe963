"""The facts of this room in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l


def facts() -> Mapping[str, Any]:
    """What a member did."""
    return {
        "campaign.joined": _l("Took part in the campaign “%(title)s” for the first time"),
        "mission.fulfilled": _l("Fulfilled the mission “%(title)s”"),
        "mission.reopened": _l("The mission “%(title)s” is open again"),
    }


def kinds() -> Mapping[str, Any]:
    return {
        "campaign.joined": _l("First time in a campaign"),
        "mission.fulfilled": _l("Mission fulfilled"),
        "mission.reopened": _l("Mission open again"),
    }
