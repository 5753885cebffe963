"""Imports of members in words: facts and staff acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l


def facts() -> Mapping[str, Any]:
    return {
        "member.brought": _l("Came in with the list “%(name)s” (basis: %(basis)s)"),
        "member.came": _l("Opened an account; the team knew the address already"),
    }


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {"members.imported": _l("Imported members from “%(name)s” (rows: %(count)s, basis: %(basis)s)")}
