"""What was seen, in sentences for whoever decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from campaigns.participation.persons.models import Decision

SIGNS = {
    "mailbox": _l("One mailbox"),
    "handle": _l("One handle, proven by several accounts"),
    "invitations": _l("Accounts that called each other in"),
    "ring": _l("A ring that feeds itself"),
    "same_minutes": _l("Active in the same minutes"),
    "address": _l("One delivery address"),
    "phone": _l("One telephone number"),
    "payer": _l("One payer"),
    "customer": _l("One customer of the shop"),
}
CAUTIONS = {
    "mailbox": _l("A mailbox with a plus sign is one person’s, or a family’s."),
    "handle": _l("A handle can be handed on, and a family may share one."),
    "invitations": _l("A household often signs up together on one evening."),
    "ring": _l("Friends visit each other too."),
    "same_minutes": _l("People at one table act together; a clock in a story does the same."),
    "address": _l("Families, flats and offices share an address."),
    "phone": _l("Couples and families share a telephone."),
    "payer": _l("One may pay for a friend."),
    "customer": _l("One may order on somebody else’s computer, or as a present."),
}
WITHOUT_NUMBERS = {
    "mailbox": _l("Their confirmed addresses reach one mailbox: they differ only after a plus sign."),
    "ring": _l("The watch over points has found them in one small ring."),
    "address": _l("Prizes of theirs go to one delivery address."),
    "phone": _l("Parcels of theirs are announced by one telephone number."),
    "payer": _l("One payer has paid for seats of theirs, as the provider tells."),
}
DECISIONS = {
    Decision.SAME: _l("The same person"),
    Decision.DIFFERENT: _l("Different people"),
    Decision.UNSURE: _l("Not sure"),
}


def sentence(kept: Mapping[str, Any]) -> str:
    """One sign with its numbers."""
    sign, shown = kept["sign"], kept.get("shown") or {}
    if sign in WITHOUT_NUMBERS:
        return str(WITHOUT_NUMBERS[sign])
    if sign == "handle" and shown:
        return str(_("Each of them has proven to be %(name)s (%(channel)s).", **shown))
    if sign == "invitations" and shown:
        return str(_("%(times)s accounts came by the first one’s invitation within an hour of its making.", **shown))
    if sign == "same_minutes" and shown:
        return str(_("%(times)s of %(of)s times they acted in the same minute.", **shown))
    if sign == "customer" and shown:
        many = ngettext(
            "%(num)d order in the shop names one of them and was made while the other was signed in.",
            "%(num)d orders in the shop name one of them and were made while the other was signed in.",
            shown["times"],
        )
        return str(many)
    return str(_("The details are gone with an account."))
