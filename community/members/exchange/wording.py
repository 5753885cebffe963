"""Imports of members in words: facts, staff acts, and the panel of a member who has no account yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_login import current_user

from commons.accounts.addresses import masked
from commons.panels import Panel
from commons.permissions import Permission
from community.members.exchange.awaiting import awaited
from community.members.models import Member


def facts() -> Mapping[str, Any]:
    return {
        "member.brought": _l("Came in with the list “%(name)s” (basis: %(basis)s)"),
        "member.came": _l("Opened an account; the team knew the address already"),
    }


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {"members.imported": _l("Imported members from “%(name)s” (rows: %(count)s, basis: %(basis)s)")}


def panel(member: Member, at: datetime) -> Panel | None:
    """How a member without an account can come to one; nothing for all others."""
    if member.user_id is not None or not current_user.can(Permission.MEMBER_READ):
        return None
    known = awaited(member)
    told = {"source": known.source, "mail": masked(known.mail)} if known is not None else {"source": None, "mail": ""}
    return Panel("community/members/exchange/_awaited.html", told, order=25)
