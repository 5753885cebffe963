"""The rules themselves: what each asks for, and whether a member meets it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from commons import i18n, zones
from commons.db import db
from community.loyalty.levels import climbing
from community.members.models import Member
from community.members.profiles import answers, choices, guardians
from community.members.profiles.models import Field
from community.members.segments import deciding
from community.members.segments.models import Segment


@dataclass(frozen=True)
class Rules:
    """Who may take part. What is empty asks for nothing.

    `level` is the rank that one has reached; `joined_before` the day (ISO, in the house's zone) before which one was a fan;
    `regions` and `age_bands` are answers of the profile; `guardian`: where a guardian has to agree, that has happened;
    `segment` is a public id; `no_staff`: nobody who works here.
    """

    level: int = 0
    joined_before: str = ""
    regions: tuple[str, ...] = ()
    age_bands: tuple[str, ...] = ()
    guardian: bool = False
    segment: str = ""
    no_staff: bool = False

    @classmethod
    def kept(cls, values: Mapping[str, Any]) -> Rules:
        """As they were kept; what is not known any more is left out."""
        known = {one.name for one in fields(cls)}
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return cls(**{name: value for name, value in given.items() if name in known})

    @property
    def values(self) -> dict[str, Any]:
        """As they are kept: only what asks for something."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items() if v}


@dataclass(frozen=True)
class Line:
    """One rule in words. `is_met` is None while it is not known of whom; `advice` says what one can do."""

    words: str
    is_met: bool | None
    advice: str = ""


def lines(rules: Rules, member: Member | None) -> list[Line]:
    """Each rule that asks for something, and whether the member meets it."""
    return [_line(name, rules, member) for name in rules.values if name in RULES]


def are_met(rules: Rules, member: Member) -> bool:
    return all(RULES[name].holds(rules, member) for name in rules.values if name in RULES)


@dataclass(frozen=True)
class _Rule:
    words: Callable[[Rules], str]
    holds: Callable[[Rules, Member], bool]
    advice: Callable[[], str]


def _line(name: str, rules: Rules, member: Member | None) -> Line:
    rule = RULES[name]
    is_met = rule.holds(rules, member) if member is not None else None
    return Line(rule.words(rules), is_met, rule.advice() if is_met is False else "")


def _level_words(rules: Rules) -> str:
    found = next((level for level in climbing.levels() if level.rank == rules.level), None)
    return str(_("Level “%(level)s” or above", level=str(found.name) if found else rules.level))


def _joined(rules: Rules, member: Member) -> bool:
    return zones.day_of(member.joined_at, zones.DEFAULT_ZONE) < date.fromisoformat(rules.joined_before)


def _told(member: Member, field: Field) -> set[str]:
    return {answer.value for answer in answers.answers_of([member.id])[member.id] if answer.field is field}


def _segment(rules: Rules) -> Segment | None:
    return db.session.scalars(select(Segment).where(Segment.public_id == rules.segment)).one_or_none()


def _in_segment(rules: Rules, member: Member) -> bool:
    segment = _segment(rules)
    return segment is not None and member.id in deciding.contains(segment.id, [member.id])


def _named(values: tuple[str, ...], words: Mapping[str, Any]) -> str:
    return (", " if i18n.language() == "en" else "、").join(str(words[value]) for value in values if value in words)


def _no_advice() -> str:
    return ""


RULES: Mapping[str, _Rule] = {
    "level": _Rule(
        _level_words,
        lambda rules, member: climbing.rank_of(member.id) >= rules.level,
        lambda: _("Growth points lift you; your page says what is missing."),
    ),
    "joined_before": _Rule(
        lambda rules: _("In the circle before %(day)s", day=i18n.date_words(date.fromisoformat(rules.joined_before))),
        _joined,
        _no_advice,
    ),
    "regions": _Rule(
        lambda rules: _("Lives in: %(regions)s", regions=_named(rules.regions, choices.REGIONS)),
        lambda rules, member: bool(_told(member, Field.REGION) & set(rules.regions)),
        lambda: _("If you live there, say so in your profile."),
    ),
    "age_bands": _Rule(
        lambda rules: _("Aged: %(ages)s", ages=_named(rules.age_bands, choices.AGE_BANDS)),
        lambda rules, member: bool(_told(member, Field.AGE_BAND) & set(rules.age_bands)),
        lambda: _("If that is your age, say so in your profile."),
    ),
    "guardian": _Rule(
        lambda _rules: _("If you are so young that a guardian has to agree: the guardian has agreed"),
        lambda _rules, member: not guardians.is_awaited(member.id),
        lambda: _("Your profile page says how your guardian is asked."),
    ),
    "segment": _Rule(
        lambda rules: _("Belongs to: %(segment)s", segment=found.name if (found := _segment(rules)) else "–"),
        _in_segment,
        _no_advice,
    ),
    "no_staff": _Rule(
        lambda _rules: _("Does not work for the organiser"),
        lambda _rules, member: member.user is None or not member.user.is_staff,
        _no_advice,
    ),
}
