"""Penalties in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from community.rewards.penalties.models import Measure

MEASURES = {
    Measure.WARNING: _l("Warning"),
    Measure.MUTE: _l("No writing in the circle"),
    Measure.NO_SHOP: _l("No redeeming in the points shop"),
}

FACTS = {
    "penalty.given": _l("Penalty under clause %(clause)s, “%(title)s”: %(note)s"),
    "penalty.appealed": _l("Appealed against the penalty under clause %(clause)s"),
    "penalty.lifted": _l("The appeal was upheld: the penalty under clause %(clause)s is lifted, and all is as before"),
    "penalty.confirmed": _l("The appeal against the penalty under clause %(clause)s was not upheld"),
}

KINDS = {
    "penalty.given": _l("Penalty"),
    "penalty.appealed": _l("Appeal against a penalty"),
    "penalty.lifted": _l("Penalty lifted"),
    "penalty.confirmed": _l("Penalty confirmed"),
}

ACTS = {
    "penalty.given": _l("Gave a fan a penalty under clause %(clause)s: %(note)s"),
    "penalty.lifted": _l("Upheld an appeal against a penalty under clause %(clause)s"),
    "penalty.confirmed": _l("Did not uphold an appeal against a penalty under clause %(clause)s"),
}

NOTICES = {
    "penalty.warning": _l("A warning under clause %(clause)s, “%(title)s”: %(note)s You can appeal for 30 days."),
    "penalty.mute": _l(
        "You cannot write until %(until)s: clause %(clause)s, “%(title)s”. %(note)s You can appeal for 30 days."
    ),
    "penalty.no_shop": _l(
        "You cannot redeem until %(until)s: clause %(clause)s, “%(title)s”. %(note)s You can appeal for 30 days."
    ),
    "penalty.lifted": _l("Your appeal was upheld: everything is as before the penalty. %(answer)s"),
    "penalty.confirmed": _l("Your appeal was not upheld: %(answer)s"),
}


def facts() -> Mapping[str, Any]:
    return FACTS


def kinds() -> Mapping[str, Any]:
    return KINDS


def moving() -> Collection[str]:
    """The kinds of facts that move points without a rule."""
    return "penalty.given", "penalty.lifted"


def acts() -> Mapping[str, Any]:
    return ACTS


def notices() -> Mapping[str, Any]:
    return NOTICES
