"""What badges say: facts, notices, the audit log, what a badge takes, and how far one is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from commons.events import Evidence
from community.loyalty.badges.deserving import Progress, Terms
from community.loyalty.rules.details import detail_words
from community.members.facts import evidence_words, name_of

FACTS = {
    "badge.granted": _l("Got the badge %(badge)s"),
    "badge.revoked": _l("Lost the badge %(badge)s: what had brought it was undone"),
}
KINDS = {"badge.granted": _l("Badge"), "badge.revoked": _l("Badge revoked")}
NOTICES = {
    "badge.granted": _l("You have a new badge: %(badge)s."),
    "badge.revoked": _l("The badge %(badge)s is gone, because what had brought it was undone."),
}
AUDIT = {
    "loyalty.badge_declared": _l("Made the badge %(badge)s"),
    "loyalty.badge_retired": _l("Retired the badge %(badge)s"),
    "loyalty.badge_revived": _l("Let the badge %(badge)s be granted again"),
}
MOTIFS = {
    "cup": _l("Cup"),
    "leaf": _l("Leaf"),
    "flame": _l("Flame"),
    "chain": _l("Chain"),
    "bubble": _l("Speech bubble"),
    "people": _l("Companions"),
    "star": _l("Star"),
    "seal": _l("Seal"),
    "moon": _l("Moon"),
    "mountain": _l("Mountain"),
}
TONES = {
    "vermilion": _l("Vermilion"),
    "tea": _l("Tea green"),
    "amber": _l("Amber"),
    "indigo": _l("Indigo"),
    "plum": _l("Plum"),
}


def asked(kind: str, terms: Terms) -> str:
    """What a badge takes, in one line: `Comment: 30 times · on 10 different days`."""
    parts = [ngettext("%(num)s time", "%(num)s times", terms.times)]
    if terms.in_a_row and terms.days > 1:
        parts.append(ngettext("on %(num)s day in a row", "on %(num)s days in a row", terms.days))
    elif terms.days > 1:
        parts.append(ngettext("on %(num)s different day", "on %(num)s different days", terms.days))
    for name, value in terms.only.items():
        parts.append(_("only where %(detail)s is “%(value)s”", detail=detail_words(name), value=value))
    if terms.evidence is not Evidence.SELF_DECLARED:
        parts.append(_("%(grade)s or stronger", grade=evidence_words(terms.evidence)))
    return str(_("%(fact)s: %(terms)s", fact=name_of(kind), terms=" · ".join(map(str, parts))))


def still(terms: Terms, made: Progress) -> str:
    """What is still missing."""
    times, days = terms.times - made.times, terms.days - made.days
    if times > 0:
        return str(ngettext("%(num)s more time", "%(num)s more times", times))
    if days > 0 and terms.in_a_row:
        return str(_("The longest run so far is %(days)s of %(of)s days", days=made.days, of=terms.days))
    return str(ngettext("on %(num)s more day", "on %(num)s more days", max(1, days)))


def fact_words() -> Mapping[str, Any]:
    return FACTS


def kind_words() -> Mapping[str, Any]:
    return KINDS


def notice_words() -> Mapping[str, Any]:
    return NOTICES


def audit_words() -> Mapping[str, Any]:
    return AUDIT
