"""What is said about levels: to the member in a notice, and why somebody came to stand on one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.loyalty.levels.ladder import Counted
from community.loyalty.models import Cause

NOTICES = {
    "level.reached": _l("You have reached the level %(level)s."),
    "level.lowered": _l("Your level is %(level)s from now on."),
    "level.in_danger": _l(
        "Your level %(level)s is in danger: on %(day)s it goes down to %(to)s. What keeps it until then: %(missing)s."
    ),
    "level.kept": _l("Your level %(level)s is safe again."),
    "level.locked": _l("The team has set your level to %(level)s: %(reason)s"),
    "level.unlocked": _l("Your level follows your growth again; the team had set it to %(level)s."),
}

CAUSES = {
    Cause.GROWTH: _l("by growth"),
    Cause.THRESHOLDS: _l("when the levels were looked at again"),
    Cause.PERIOD: _l("after 14 days in which it was not held"),
    Cause.LOCK: _l("by the team"),
    Cause.MERGED: _l("as the other membership of the same person had it"),
    Cause.APPEAL: _l("given back after an appeal"),
}


def notice_words() -> Mapping[str, Any]:
    return NOTICES


def cause_words(cause: Cause) -> str:
    return str(CAUSES[cause])


def amount_words(amount: Counted) -> str:
    """Growth and breadth, for example what is missing: `12 growth points and 1 more way of taking part`."""
    growth = ngettext("%(num)s growth point", "%(num)s growth points", amount.growth)
    kinds = ngettext("%(num)s more way of taking part", "%(num)s more ways of taking part", amount.breadth)
    if not amount.breadth:
        return str(growth)
    return str(_("%(growth)s and %(kinds)s", growth=growth, kinds=kinds)) if amount.growth else str(kinds)


def asked_words(growth: int, breadth: int) -> str:
    """What a level takes: `200 growth points in 3 ways of taking part`."""
    points = ngettext("%(num)s growth point", "%(num)s growth points", growth)
    if not breadth:
        return str(points)
    kinds = ngettext("%(num)s way of taking part", "%(num)s ways of taking part", breadth)
    return str(_("%(growth)s from %(kinds)s", growth=points, kinds=kinds))
