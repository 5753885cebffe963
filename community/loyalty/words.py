"""What the ledger says to people: verdicts, kinds of entries, and the facts that the usual rules speak of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from commons.i18n import Words
from community.loyalty.models import Currency, EntryKind
from community.loyalty.verdicts import Terms, Verdict

FACTS = {
    "circle.checked_in": _l("Checked in"),
    "level.reached": _l("Reached the level %(level)s"),
    "level.lowered": _l("Went back to the level %(level)s"),
    "loyalty.adjusted": _l("The team adjusted a balance by %(amount)s: %(note)s"),
}

KINDS = {
    "circle.checked_in": _l("Check-in"),
    "level.reached": _l("Level reached"),
    "level.lowered": _l("Level lowered"),
    "loyalty.adjusted": _l("Adjustment by the team"),
}

VERDICTS = {
    Verdict.EARNED: _l("By the rule “%(rule)s”, version %(version)s"),
    Verdict.RULE_OFF: _l("The rule “%(rule)s” was switched off then (version %(version)s)"),
    Verdict.EVIDENCE_TOO_WEAK: _l("The evidence is too weak for the rule “%(rule)s” (version %(version)s)"),
    Verdict.CAPPED: _l("Capped for that day: the rule “%(rule)s” counts %(cap)s a day (version %(version)s)"),
    Verdict.TOO_SOON: _l("Too soon: the rule “%(rule)s” counts once in %(cooldown)s seconds (version %(version)s)"),
    Verdict.NOT_COUNTED: _l("Not counted by the rule “%(rule)s” (version %(version)s)"),
}

SHORT_VERDICTS = {
    Verdict.EARNED: _l("Counted"),
    Verdict.RULE_OFF: _l("Rule switched off"),
    Verdict.EVIDENCE_TOO_WEAK: _l("Evidence too weak"),
    Verdict.CAPPED: _l("Capped for that day"),
    Verdict.TOO_SOON: _l("Too soon"),
    Verdict.NOT_COUNTED: _l("Not counted"),
}

ENTRIES = {
    EntryKind.EARN: _l("Earned"),
    EntryKind.SPEND: _l("Spent"),
    EntryKind.EXPIRE: _l("Expired"),
    EntryKind.REVERSE: _l("Taken back"),
    EntryKind.ADJUST: _l("Adjusted by the team"),
}

CURRENCIES = {Currency.GROWTH: _l("Growth points"), Currency.POINTS: _l("Points")}


AUDIT = {
    "loyalty.rule_changed": _l("Changed the earning rule %(rule)s; version %(version)s holds from now on"),
    "loyalty.levels_changed": _l("Changed the levels"),
    "loyalty.adjusted": _l("Adjusted a fan's balance by %(amount)s: %(note)s"),
}


def said(verdict: Verdict, rule: Words, terms: Terms) -> str:
    """The verdict of a rule under the terms that held, as a sentence."""
    values = {"rule": rule, "version": terms.number, "cap": terms.cap_per_day, "cooldown": terms.cooldown}
    return str(VERDICTS[verdict]) % values


def fact_words() -> Mapping[str, Any]:
    return FACTS


def kind_words() -> Mapping[str, Any]:
    return KINDS


def audit_words() -> Mapping[str, Any]:
    return AUDIT
