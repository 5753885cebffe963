"""What was seen, in sentences for whoever decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaigns.participation.persons.models import Decision

SIGNS = {
    "mailbox": _l("One mailbox"),
    "handle": _l("One handle, proven by several accounts"),
    "invitations": _l("Accounts that called each other in"),
    "ring": _l("A ring that feeds itself"),
    "same_minutes": _l("Active in the same minutes"),
    "address": _l("One delivery address"),
    "payer": _l("One payer"),
}
CAUTIONS = {
    "mailbox": _l("A mailbox with a plus sign is one person’s, or a family’s."),
    "handle": _l("A handle can be handed on, and a family may share one."),
    "invitations": _l("A household often signs up together on one evening."),
    "ring": _l("Friends visit each other too."),
    "same_minutes": _l("People at one table act together; a clock in a story does the same."),
    "address": _l("Families, flats and offices share an address."),
    "payer": _l("One may pay for a friend."),
}
DECISIONS = {
    Decision.SAME: _l("The same person"),
    Decision.DIFFERENT: _l("Different people"),
    Decision.UNSURE: _l("Not sure"),
}


def sentence(kept: Mapping[str, Any]) -> str:
    """One sign with its numbers."""
    shown = kept.get("shown") or {}
    if kept["sign"] == "mailbox":
        return str(_("Their confirmed addresses reach one mailbox: they differ only after a plus sign."))
    if kept["sign"] == "handle":
        return str(_("Each of them has proven to be %(name)s (%(channel)s).", **shown))
    if kept["sign"] == "invitations":
        return str(_("%(times)s accounts came by the first one’s invitation within an hour of its making.", **shown))
    if kept["sign"] == "ring":
        return str(_("The watch over points has found them in one small ring."))
    if kept["sign"] == "same_minutes":
        return str(_("%(times)s of %(of)s times they acted in the same minute.", **shown))
    return str(SIGNS.get(kept["sign"], kept["sign"]))
