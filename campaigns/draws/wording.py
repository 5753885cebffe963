"""Draws in words: choices, states, reason codes, facts, acts and notices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.draws.models import DrawState, Eligibility, Jurisdiction, Reason, Source

ELIGIBILITY = {
    Eligibility.TAKING_PART: _l("Everybody who takes part in the campaign before the list closes"),
    Eligibility.ALL_MISSIONS: _l("Everybody who has fulfilled all missions of the campaign when the list closes"),
}
JURISDICTIONS = {
    Jurisdiction.CHINA: _l("China: no prize above 50,000 yuan"),
    Jurisdiction.ELSEWHERE: _l("Elsewhere: check the local law yourself"),
}
SOURCES = {
    Source.BEACON: _l("A public beacon (drand): a value that nobody can know before, and everybody can check after"),
    Source.COMMITTED: _l("A locked number of ours: weaker, only for a house without a network"),
}
STATES = {
    DrawState.DRAFT: (_l("Draft"), "neutral", "pencil"),
    DrawState.OPEN: (_l("List open"), "accent", "circle-dot"),
    DrawState.FROZEN: (_l("List frozen"), "info", "lock"),
    DrawState.DRAWN: (_l("Drawn"), "good", "circle-check"),
    DrawState.MISSED: (_l("Not drawn"), "warn", "clock-x"),
}
REASONS = {
    Reason.MISSIONS_OPEN: _l("Not all missions were fulfilled"),
    Reason.ACCOUNT_DELETED: _l("The account was deleted before the list closed"),
    Reason.SECOND_ACCOUNT: _l("A second account of the same person"),
    Reason.EMPLOYEE: _l("Works for the organiser"),
    Reason.UNDER_AGE: _l("Too young for this draw"),
    Reason.RULES_BROKEN: _l("Broke the rules of the campaign"),
}
AWARD_STATES = {
    "offered": (_l("Waits to be accepted"), "warn", "hourglass"),
    "needs_address": (_l("Waits for an address"), "warn", "home"),
    "to_send": (_l("To be sent"), "info", "package"),
    "sent": (_l("Sent out"), "good", "check"),
    "declined": (_l("Declined; went to the next"), "neutral", "arrow-right"),
    "unclaimed": (_l("Not claimed; went to the next"), "neutral", "arrow-right"),
    "left": (_l("Account deleted; went to the next"), "neutral", "arrow-right"),
}


def facts() -> Mapping[str, Any]:
    """What happened to a member."""
    return {
        "draw.won": _l("Won “%(prize)s” in the draw “%(title)s”"),
        "draw.accepted": _l("Accepted “%(prize)s” from the draw “%(title)s”"),
        "draw.declined": _l("Declined “%(prize)s” from the draw “%(title)s”"),
        "draw.unclaimed": _l("Did not claim “%(prize)s” from the draw “%(title)s” in time"),
        "draw.left": _l("Left before “%(prize)s” from the draw “%(title)s” was sent"),
        "draw.sent": _l("Was sent “%(prize)s” from the draw “%(title)s”"),
    }


def kinds() -> Mapping[str, Any]:
    return {
        "draw.won": _l("Prize won"),
        "draw.accepted": _l("Prize accepted"),
        "draw.declined": _l("Prize declined"),
        "draw.unclaimed": _l("Prize not claimed"),
        "draw.left": _l("Left before a prize was sent"),
        "draw.sent": _l("Prize sent"),
    }


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {
        "draw.launched": _l("Launched the draw “%(title)s”"),
        "draw.excluded": _l("Kept a fan off the list of the draw “%(title)s” (%(reason)s)"),
        "draw.readmitted": _l("Put a fan back on the list of the draw “%(title)s”"),
        "draw.sent": _l("Sent “%(prize)s” from the draw “%(title)s”"),
    }


def notices() -> Mapping[str, Any]:
    return {
        "draw.won": _l("You won “%(prize)s” in the draw “%(title)s”. Accept it in time."),
        "draw.accept_soon": _l(
            "“%(prize)s” from the draw “%(title)s” goes to the next fan tomorrow unless you accept it."
        ),
        "draw.address_soon": _l("Where does “%(prize)s” go? Without an address it goes to the next fan tomorrow."),
        "draw.passed_on": _l("The time for “%(prize)s” from the draw “%(title)s” is over; it went to the next fan."),
        "draw.sent": _l("“%(prize)s” from the draw “%(title)s” is on its way."),
        "draw.sent_tracked": _l("“%(prize)s” from the draw “%(title)s” is on its way. Parcel number: %(tracking)s"),
    }


def topics() -> Mapping[str, Any]:
    return {"draw": _l("Draws")}
