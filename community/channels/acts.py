"""Words of this room for the audit log."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l


def acts() -> dict[str, Any]:
    """What staff did to accounts and hand-offs."""
    return {
        "channel.connected": _l("connected %(account)s"),
        "channel.disconnected": _l("disconnected %(account)s"),
        "channel.zone_set": _l("set the time zone of %(account)s to %(zone)s"),
        "handoff.posted": _l("posted “%(text)s” on %(account)s by hand: %(url)s"),
        "handoff.refused": _l("did not post “%(text)s” on %(account)s: %(reason)s"),
    }
