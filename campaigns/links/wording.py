"""The facts of this room in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

SIGN_UPS = _l("Sign-ups")


def facts() -> Mapping[str, Any]:
    """What happened to a member."""
    return {
        "link.visited": _l("Somebody opened the shared link /l/%(slug)s"),
        "member.came_by_link": _l("Came to the circle by the link /l/%(slug)s"),
    }


def kinds() -> Mapping[str, Any]:
    return {
        "link.visited": _l("Visit through a shared link"),
        "member.came_by_link": _l("Sign-up by a link"),
    }


def acts() -> Mapping[str, Any]:
    """What the team did."""
    return {
        "link.made": _l("Made the link /l/%(slug)s"),
        "link.ended": _l("Ended the link /l/%(slug)s"),
    }
