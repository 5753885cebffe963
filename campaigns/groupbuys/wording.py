"""The facts of this room in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

SEATS = _l("Group-buy seats")


def facts() -> Mapping[str, Any]:
    """What a member did, or what became of it."""
    return {
        "group_buy.joined": _l("Joined the group buy “%(title)s”"),
        "group_buy.left": _l("Left the group buy “%(title)s”"),
        "group_buy.reached": _l("The group buy “%(title)s” came about"),
        "group_buy.voided": _l("The group buy “%(title)s” did not come about"),
    }


def kinds() -> Mapping[str, Any]:
    return {
        "group_buy.joined": _l("Group buy joined"),
        "group_buy.left": _l("Group buy left"),
        "group_buy.reached": _l("Group buy came about"),
        "group_buy.voided": _l("Group buy did not come about"),
    }


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {
        "group_buy.opened": _l("Opened the group buy “%(title)s”"),
        "group_buy.cancelled": _l("Called the group buy “%(title)s” off"),
        "group_buy.settled": _l("The group buy “%(title)s” was settled"),
    }
