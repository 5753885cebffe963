"""Who is in the circle, in numbers: only those count who allow it, and small groups are not told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import distinct, func, select

from commons.db import db
from community.members.models import Member
from community.members.profiles import choices, consents
from community.members.profiles.models import Answer, Field, Purpose

FEWEST = 5
"""Below this a number is not told: whoever knows the circle could guess who is meant."""


@dataclass(frozen=True)
class Group:
    """One value and how many gave it; `number` is None for a few that are not told."""

    words: str
    number: int | None
    share: float


@dataclass(frozen=True)
class Numbers:
    """One field: how many have answered it, None for too few, and the groups, largest first unless they have an order."""

    field: Field
    label: str
    answered: int | None
    groups: Sequence[Group]


def counted() -> list[Numbers]:
    """Every field. A member who takes the consent back is out of them at once."""
    allowed = select(Answer).join(Member, Member.id == Answer.member_id).where(Member.counts())
    rows = allowed.where(consents.allows(Answer.member_id, Purpose.STATISTICS)).subquery()
    by_value = select(rows.c.field, rows.c.value, func.count()).group_by(rows.c.field, rows.c.value)
    by_field = select(rows.c.field, func.count(distinct(rows.c.member_id))).group_by(rows.c.field)
    values = {(field, value): number for field, value, number in db.session.execute(by_value)}
    answered = {row[0]: row[1] for row in db.session.execute(by_field)}
    return [_numbers(field, answered.get(field, 0), values) for field in choices.FIELDS]


def table() -> Iterator[Sequence[object]]:
    """The same as rows for a file; the heading first."""
    yield _("What was asked"), _("What was answered"), _("Members"), _("Share of those who answered")
    for numbers in counted():
        for group in numbers.groups:
            told = group.number is not None
            yield numbers.label, group.words, group.number if told else few(), round(group.share, 4) if told else ""


def few() -> str:
    return str(_("fewer than %(number)s", number=FEWEST))


def _numbers(field: Field, answered: int, values: dict[tuple[Field, str], int]) -> Numbers:
    label = str(choices.FIELDS[field])
    if answered < FEWEST:
        return Numbers(field, label, None, [])
    found = [(words, values.get((field, value), 0)) for value, words in choices.options(field)]
    if field in {Field.REGION, Field.INTEREST}:
        found.sort(key=lambda pair: -pair[1])
    groups = [_group(words, number, answered) for words, number in found if number]
    return Numbers(field, label, answered, groups)


def _group(words: str, number: int, of: int) -> Group:
    return Group(words, number, number / of) if number >= FEWEST else Group(words, None, 0)
