"""How numbers of insights are written out."""

from __future__ import annotations

from flask_babel import format_decimal, format_percent
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

PRESETS = {
    "week": _l("7 days"),
    "usual": _l("30 days"),
    "quarter": _l("90 days"),
    "year": _l("365 days"),
    "this_month": _l("This month"),
    "last_month": _l("Last month"),
}
GROUPINGS = {
    "source": _l("Source"),
    "link": _l("Link"),
    "post": _l("Post"),
    "campaign": _l("Campaign"),
    "person": _l("Who brought them"),
}


def tenths(share: float) -> str:
    """A share to a tenth of a per cent: `33.3%`."""
    return str(format_percent(share, "0.0%"))


def points(difference: float) -> str:
    """The difference of two shares in percentage points, with its sign: `+3.3 points`."""
    number = format_decimal(difference * 100, "+0.0;-0.0")
    return str(_("%(number)s points", number=number))
