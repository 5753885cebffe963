"""What the ledger says to people: verdicts, kinds of entries, and the facts that the usual rules speak of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from commons.i18n import Words
from community.loyalty.models import Currency, EntryKind
from community.loyalty.rules.verdicts import Terms, Verdict

FACTS = {
    "circle.checked_in": _l("Checked in"),
    "level.reached": _l("Reached the level %(level)s"),
    "level.lowered": _l("Went back to the level %(level)s"),
    "loyalty.level_locked": _l("The team set the level %(level)s by hand: %(reason)s"),
    "loyalty.level_unlocked": _l("The level follows growth again; it was set to %(level)s by hand"),
    "loyalty.adjusted": _l("The team adjusted a balance by %(amount)s: %(note)s"),
    "loyalty.confirmed": _l("The team confirmed %(amount)s: %(note)s"),
    "loyalty.taken_back": _l("The team undid an entry (%(amount)s): %(note)s"),
    "loyalty.suspicion_passed": _l("The team let pass what was held: %(reason)s"),
    "loyalty.suspicion_refused": _l("The team refused what was held: %(reason)s"),
    "loyalty.refusal_appealed": _l("Appealed against what was refused"),
    "loyalty.refusal_undone": _l("The appeal was upheld, and what had been refused counts: %(answer)s"),
    "loyalty.refusal_confirmed": _l("The appeal was not upheld; what was refused stays so: %(answer)s"),
}

KINDS = {
    "circle.checked_in": _l("Check-in"),
    "level.reached": _l("Level reached"),
    "level.lowered": _l("Level lowered"),
    "loyalty.level_locked": _l("Level set by hand"),
    "loyalty.level_unlocked": _l("Level follows growth again"),
    "loyalty.adjusted": _l("Adjustment by the team"),
    "loyalty.confirmed": _l("Confirmation by the team"),
    "loyalty.taken_back": _l("Entry undone by the team"),
    "loyalty.suspicion_passed": _l("Held, and let pass"),
    "loyalty.suspicion_refused": _l("Held, and refused"),
    "loyalty.refusal_appealed": _l("Appeal against a refusal"),
    "loyalty.refusal_undone": _l("Refusal undone"),
    "loyalty.refusal_confirmed": _l("Refusal confirmed"),
}

VERDICTS = {
    Verdict.EARNED: _l("By the rule “%(rule)s”, version %(version)s"),
    Verdict.RULE_OFF: _l("The rule “%(rule)s” was switched off then (version %(version)s)"),
    Verdict.OUT_OF_SEASON: _l("The rule “%(rule)s” does not count on that day (version %(version)s)"),
    Verdict.NOT_MEANT: _l("The rule “%(rule)s” counts only some of these (version %(version)s)"),
    Verdict.NOT_IN_SEGMENT: _l("The rule “%(rule)s” is for others (version %(version)s)"),
    Verdict.EVIDENCE_TOO_WEAK: _l("The evidence is too weak for the rule “%(rule)s” (version %(version)s)"),
    Verdict.TOO_FEW_PEOPLE: _l(
        "Not yet: the rule “%(rule)s” counts once %(people)s different people on %(days)s different days stand behind it"
        " (version %(version)s)"
    ),
    Verdict.CAPPED_EVIDENCE: _l(
        "Capped for that day: the rule “%(rule)s” counts less of what is proven this weakly (version %(version)s)"
    ),
    Verdict.CAPPED_WEEK: _l("Capped for that week: the rule “%(rule)s” counts %(week)s a week (version %(version)s)"),
    Verdict.CAPPED_PAIR: _l(
        "Capped for the two of you: the rule “%(rule)s” counts the same other person %(pair)s times a week"
        " (version %(version)s)"
    ),
    Verdict.CAPPED_PERSON: _l(
        "Capped for good: the rule “%(rule)s” counts %(ever)s times for one person (version %(version)s)"
    ),
    Verdict.HELD: _l("Held until a person has looked at it: the rule “%(rule)s” (version %(version)s)"),
    Verdict.REFUSED: _l("Refused by the team: %(note)s (rule “%(rule)s”, version %(version)s)"),
    Verdict.CAPPED: _l("Capped for that day: the rule “%(rule)s” counts %(cap)s a day (version %(version)s)"),
    Verdict.TOO_SOON: _l("Too soon: the rule “%(rule)s” counts once in %(cooldown)s seconds (version %(version)s)"),
    Verdict.NOT_COUNTED: _l("Not counted by the rule “%(rule)s” (version %(version)s)"),
}

SHORT_VERDICTS = {
    Verdict.EARNED: _l("Counted"),
    Verdict.RULE_OFF: _l("Rule switched off"),
    Verdict.OUT_OF_SEASON: _l("Not on that day"),
    Verdict.NOT_MEANT: _l("Not one of those it counts"),
    Verdict.NOT_IN_SEGMENT: _l("Not for this fan"),
    Verdict.EVIDENCE_TOO_WEAK: _l("Evidence too weak"),
    Verdict.CAPPED: _l("Capped for that day"),
    Verdict.TOO_FEW_PEOPLE: _l("Too few different people yet"),
    Verdict.TOO_SOON: _l("Too soon"),
    Verdict.CAPPED_EVIDENCE: _l("Capped for weak evidence"),
    Verdict.CAPPED_WEEK: _l("Capped for that week"),
    Verdict.CAPPED_PAIR: _l("Capped for the pair"),
    Verdict.CAPPED_PERSON: _l("Capped for good"),
    Verdict.HELD: _l("Held for a check"),
    Verdict.REFUSED: _l("Refused by the team"),
    Verdict.NOT_COUNTED: _l("Not counted"),
}

ENTRIES = {
    EntryKind.EARN: _l("Earned"),
    EntryKind.SPEND: _l("Spent"),
    EntryKind.EXPIRE: _l("Expired"),
    EntryKind.REVERSE: _l("Taken back"),
    EntryKind.ADJUST: _l("Adjusted by the team"),
    EntryKind.TRANSFER: _l("Carried over between two accounts of one person"),
}

CURRENCIES = {Currency.GROWTH: _l("Growth points"), Currency.POINTS: _l("Points")}


AUDIT = {
    "loyalty.rule_changed": _l("Changed the earning rule %(rule)s; version %(version)s holds from now on"),
    "loyalty.rule_made": _l("Made the earning rule %(rule)s"),
    "loyalty.levels_changed": _l("Changed the levels"),
    "loyalty.level_locked": _l("Set a fan's level to %(level)s by hand: %(reason)s"),
    "loyalty.level_unlocked": _l("Let a fan's level follow growth again (it was set to %(level)s)"),
    "loyalty.adjusted": _l("Adjusted a fan's balance by %(amount)s: %(note)s"),
    "loyalty.confirmed": _l("Confirmed %(amount)s for a fan: %(note)s"),
    "loyalty.taken_back": _l("Undid an entry of a fan (%(amount)s): %(note)s"),
    "loyalty.suspicion_passed": _l("Let pass what was held of %(people)s people: %(reason)s"),
    "loyalty.suspicion_refused": _l("Refused what was held of %(people)s people: %(reason)s"),
    "loyalty.refusal_undone": _l("Upheld an appeal against a refusal: %(answer)s"),
    "loyalty.refusal_confirmed": _l("Did not uphold an appeal against a refusal: %(answer)s"),
}


def said(verdict: Verdict, rule: Words, terms: Terms, note: str = "") -> str:
    """The verdict of a rule under the terms that held, as a sentence; `note` is what a person wrote about it."""
    values = {
        "rule": rule,
        "version": terms.number,
        "cap": terms.cap_per_day,
        "week": terms.cap_per_week,
        "pair": terms.cap_per_pair,
        "ever": terms.cap_per_person,
        "people": terms.people,
        "days": terms.people_days,
        "cooldown": terms.cooldown,
        "note": note,
    }
    return str(VERDICTS[verdict]) % values


def fact_words() -> Mapping[str, Any]:
    return FACTS


def kind_words() -> Mapping[str, Any]:
    return KINDS


def audit_words() -> Mapping[str, Any]:
    return AUDIT
