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
        "link.ordered": _l("Somebody ordered by the shared link /l/%(slug)s"),
        "member.came_by_link": _l("Came to the circle by the link /l/%(slug)s"),
    }


def kinds() -> Mapping[str, Any]:
    return {
        "link.visited": _l("Visit through a shared link"),
        "link.ordered": _l("Order through a shared link"),
        "member.came_by_link": _l("Sign-up by a link"),
    }


def acts() -> Mapping[str, Any]:
    """What the team did, and what was found out."""
    return {
        "link.made": _l("Made the link /l/%(slug)s"),
        "link.changed": _l("Changed the terms of the link /l/%(slug)s"),
        "link.redirected": _l("Led the link /l/%(slug)s from %(before)s to %(after)s"),
        "link.way_added": _l("Gave the link /l/%(slug)s the further target %(after)s"),
        "link.way_removed": _l("Took the target %(before)s from the link /l/%(slug)s"),
        "link.ended": _l("Ended the link /l/%(slug)s"),
        "link.dead": _l("The target of the link /l/%(slug)s does not answer: %(why)s"),
        "link.alive": _l("The target of the link /l/%(slug)s answers again"),
        "link_domain.added": _l("Added the domain %(host)s for links"),
        "link_domain.proved": _l("The domain %(host)s was shown to lead here"),
        "link_domain.default": _l("Made %(host)s the usual domain for new links"),
        "link_domain.removed": _l("Removed the domain %(host)s"),
        "link_key.made": _l("Made the key for orders of %(name)s"),
        "link_key.ended": _l("Ended the key for orders of %(name)s"),
        "link_orders.imported": _l("Imported %(count)s orders from %(name)s"),
    }
