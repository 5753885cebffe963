"""From the cells of a row to what they mean: a value for each column, or a sentence about what is wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from flask_babel import gettext as _

from commons.sheets.files import Line


class Misunderstood(Exception):
    """A cell makes no sense; the sentence says why."""


class Meaning(Protocol):
    """What a row says. `problems` are pairs of column (empty: the row as a whole) and sentence."""

    @property
    def problems(self) -> list[list[str]]: ...


Meant = TypeVar("Meant", bound=Meaning)
Reader = Callable[[Meant, str, Any], None]


def understand(
    meant: Meant, line: Line, readers: Mapping[str, Reader[Meant]], known: object, formulas_are_words: bool
) -> Meant:
    """`meant`, filled in with what each cell of the line means by itself.

    Readers take it, the cell, and whatever is `known`; they raise `Misunderstood`. Nothing is read of a line that is broken as a whole.
    """
    meant.problems.extend(list(pair) for pair in line.wrong)
    if not formulas_are_words:
        meant.problems.extend([name, _formula_words()] for name in line.like_formulas)
    troubled = {name for name, _words in meant.problems}
    if "" in troubled:
        return meant
    for name, read in readers.items():
        if name in line.values and name not in troubled:
            try:
                read(meant, line.values[name], known)
            except Misunderstood as trouble:
                meant.problems.append([name, str(trouble)])
    return meant


def _formula_words() -> str:
    return str(_("This cell begins like a formula. If it is plain text, put an apostrophe before it."))
