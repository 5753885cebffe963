"""The acts of hold-out groups in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l


def acts() -> Mapping[str, Any]:
    """What the team did."""
    return {
        "holdout.drawn": _l("Drew %(kept_out)s of %(people)s people who are kept out of the campaign “%(title)s”"),
    }
