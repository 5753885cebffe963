"""The words of the room: for facts, for the audit log, and for what stands on its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.reviews.checks import Finding, Sight
from community.reviews.models import Kind, State, Verdict, Wait
from community.reviews.settling import NOTICES

FACTS = {
    "review.published": _l("Had something published"),
    "review.refused": _l("Something handed in was refused under clause %(clause)s"),
    "review.removed": _l("Something published was removed under clause %(clause)s"),
    "review.upheld": _l("Was right in an appeal"),
    "review.declined": _l("Appealed, and the decision stayed"),
    "review.withdrawn": _l("Withdrew something handed in"),
    "feature.set": _l("Was featured"),
    "feature.ended": _l("Is no longer featured"),
}

KIND_NAMES = {
    "review.published": _l("Content published"),
    "review.refused": _l("Content refused"),
    "review.removed": _l("Content removed"),
    "review.upheld": _l("Appeal upheld"),
    "review.declined": _l("Appeal declined"),
    "review.withdrawn": _l("Content withdrawn"),
    "feature.set": _l("Featured by us"),
    "feature.ended": _l("Featuring ended"),
}

ACTS = {
    "review.refused": _l("Refused what a fan handed in, under clause %(clause)s. %(reason)s"),
    "review.removed": _l("Removed what a fan had published, under clause %(clause)s. %(reason)s"),
    "review.upheld": _l("Upheld an appeal. %(reason)s"),
    "review.declined": _l("Declined an appeal. %(reason)s"),
    "review.thresholds_changed": _l("Changed the thresholds of the checks (number %(number)s)"),
    "standard.published": _l("Put version %(number)s of the content standard in force. %(note)s"),
    "feature.set": _l("Featured what a fan wrote. %(note)s"),
    "feature.ended": _l("Ended a featured slot"),
}

BY_HOSTS = _l("Rules of the circles, by their hosts")

KINDS = {
    Kind.POST: _l("Post"),
    Kind.PICTURES: _l("Pictures"),
    Kind.ORDER_REVIEW: _l("Order review"),
    Kind.FOREIGN: _l("Post in an interest circle"),
}

STATES = {
    State.WAITING: _l("Is being looked at"),
    State.PUBLISHED: _l("Published"),
    State.REFUSED: _l("Was refused"),
    State.REMOVED: _l("Removed"),
    State.WITHDRAWN: _l("Withdrawn"),
}

TONES = {
    State.WAITING: ("info", "hourglass"),
    State.PUBLISHED: ("good", "circle-check"),
    State.REFUSED: ("bad", "ban"),
    State.REMOVED: ("bad", "ban"),
    State.WITHDRAWN: ("neutral", "arrow-back-up"),
}

WAITS = {
    Wait.FLAGGED: _l("May hurt somebody"),
    Wait.REPORT: _l("Reported"),
    Wait.APPEAL: _l("Appeal"),
    Wait.SECOND: _l("Criticism: second opinion"),
    Wait.FIRST: _l("New"),
    Wait.SPOT_CHECK: _l("Spot check"),
}

VERDICTS = {
    Verdict.PUBLISH: _l("Published"),
    Verdict.REFUSE: _l("Was refused"),
    Verdict.PROPOSE: _l("Proposed to refuse"),
    Verdict.KEEP: _l("Left as it is"),
    Verdict.REMOVE: _l("Removed"),
    Verdict.UPHOLD: _l("Appeal upheld"),
    Verdict.DECLINE: _l("Appeal declined"),
}

CHOICES = {
    Verdict.PUBLISH: _l("Publish"),
    Verdict.REFUSE: _l("Refuse"),
    Verdict.KEEP: _l("Leave it"),
    Verdict.REMOVE: _l("Remove"),
    Verdict.UPHOLD: _l("Uphold the appeal"),
    Verdict.DECLINE: _l("Decline the appeal"),
}


def sight(finding: Finding) -> str:
    """What a rule saw, as a sentence."""
    shown = finding.shown
    if finding.sight in {Sight.SAME_BY_AUTHOR, Sight.SAME_BY_MANY, Sight.BURST, Sight.LINKS, Sight.TOO_SHORT}:
        return _counted(finding.sight, int(shown))
    words = {
        Sight.PERSONAL_DETAILS: _("Looks like somebody's personal details: “%(shown)s”", shown=shown),
        Sight.INSULT: _("A word from the list of insults: “%(shown)s”", shown=shown),
        Sight.CONTACT: _("Words that lead elsewhere: “%(shown)s”", shown=shown),
        Sight.REPETITION: _("The same over and over: “%(shown)s”", shown=shown),
    }
    return str(words[finding.sight])


def fact_words() -> Mapping[str, Any]:
    return FACTS


def kind_words() -> Mapping[str, Any]:
    return KIND_NAMES


def audit_words() -> Mapping[str, Any]:
    return ACTS


def notice_words() -> Mapping[str, Any]:
    return {**NOTICES, "review.featured": _l("What you wrote is featured. Thank you for it.")}


def _counted(sight: Sight, number: int) -> str:
    words = {
        Sight.SAME_BY_AUTHOR: ngettext(
            "The author's same words %(num)s time", "The author's same words %(num)s times", number
        ),
        Sight.SAME_BY_MANY: ngettext("The same words by %(num)s person", "The same words by %(num)s people", number),
        Sight.BURST: ngettext("%(num)s in an hour", "%(num)s in an hour", number),
        Sight.LINKS: ngettext("%(num)s link", "%(num)s links", number),
        Sight.TOO_SHORT: ngettext("Only %(num)s character", "Only %(num)s characters", number),
    }
    return str(words[sight])
