"""What a kind of condition is: a form, a sentence, and a predicate about members in SQL.

A new kind is a subclass of `Condition` that its room plugs into `slots.conditions`; nothing else has to know of it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, ClassVar, Self

import wtforms
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, not_
from wtforms.i18n import get_translations

from commons import i18n
from commons.forms import StorableMeta
from community.members.models import Member

Values = Mapping[str, Any]
ANY_FACT = frozenset({"*"})
TIMES = ("at_least", "at_most", "exactly")


class ConditionForm(wtforms.Form):
    """The fields of one condition. Its `values` are what the tree keeps; dates are kept as ISO words."""

    class Meta(StorableMeta):
        def get_translations(self, form: Any) -> Any:
            return get_translations(["zh" if i18n.language() == "zh_Hans" else "en"])

    tail: ClassVar[tuple[str, ...]] = ()
    """Fields that stand after all others on the page, in this order."""

    @property
    def ordered(self) -> list[Any]:
        """The fields as they stand on the page."""
        return [field for field in self if field.short_name not in self.tail] + [self[name] for name in self.tail]

    @classmethod
    def of(cls, values: Values, prefix: str) -> Self:
        """The form as the values stand."""
        form = cls(prefix=prefix)
        for field in form:
            if field.short_name in values:
                kept = values[field.short_name]
                is_day = field.type == "DateField" and kept
                field.data = date.fromisoformat(kept) if is_day else kept
                _keep_choice(field)
        return form

    @property
    def values(self) -> dict[str, Any]:
        """What was entered; the form must be valid."""
        return {field.short_name: _plain(field.data) for field in self}

    def refuse(self, name: str, words: Any) -> bool:
        """Put an error at the field `name`; False, for `validate` to return."""
        self[name].errors = [*self[name].errors, str(words)]
        return False


class Condition(ABC):
    """One kind of condition. `name` stands in stored trees and never changes; `label` is lazy."""

    name: ClassVar[str]
    label: ClassVar[Any]
    form: ClassVar[type[ConditionForm]]
    is_offered: bool = True

    @abstractmethod
    def holds(self, values: Values, day: date) -> ColumnElement[bool]:
        """Whether it holds of `Member` (the row of an enclosing query) on the calendar day `day` of the house."""

    @abstractmethod
    def words(self, values: Values) -> str:
        """The condition as a sentence without subject, in the reader's language."""

    def follows(self, values: Values) -> Collection[str]:
        """After which kinds of facts about a member it may turn out otherwise; `ANY_FACT` where that cannot be said."""
        return ANY_FACT

    def drifts(self, values: Values) -> bool:
        """Whether it may turn out otherwise just because a new day has begun."""
        return False

    def refers_to(self, values: Values) -> Collection[int]:
        """Ids of the segments it asks about."""
        return ()


def so_many(rows: Select[Any], how: str, number: int) -> ColumnElement[bool]:
    """Whether `rows` (a query that mentions `Member`) has at least, at most or exactly `number` rows.

    It stops reading at the row that decides. The offset also keeps PostgreSQL from turning it into a join over the whole
    table: it is looked up for each member by an index.
    """
    if how == "at_least":
        return _reaches(rows, number)
    if how == "at_most":
        return not_(_reaches(rows, number + 1))
    if number == 0:
        return not_(_reaches(rows, 1))
    return and_(_reaches(rows, number), not_(_reaches(rows, number + 1)))


def _reaches(rows: Select[Any], number: int) -> ColumnElement[bool]:
    return rows.correlate(Member).limit(1).offset(number - 1).exists()


def _keep_choice(field: wtforms.Field) -> None:
    """What was chosen and is offered no more stays to be seen, so that nothing else takes its place unnoticed."""
    if not isinstance(field, wtforms.SelectField) or isinstance(field, wtforms.SelectMultipleField):
        return
    choices: list[Any] = list(field.choices or ())
    if field.data not in [choice[0] for choice in choices]:
        field.choices = [*choices, (field.data, _("(no longer there)"))]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
