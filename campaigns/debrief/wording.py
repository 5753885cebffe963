"""The acts of this room in words, for the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l


def acts() -> Mapping[str, Any]:
    return {
        "campaign.lesson": _l("Wrote down a lesson of the campaign “%(title)s”"),
        "campaign.next_time": _l("Decided something for the campaign after “%(title)s”: %(text)s"),
        "campaign.next_time_done": _l("Saw to what was decided after “%(title)s”: %(text)s"),
    }
