"""What is said of a row, kept in every language: whoever reads the row later reads it in his own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import force_locale

from commons import i18n
from commons.i18n import Words

Pairs = Sequence[Sequence[Any]]
"""Pairs of column (empty: the row as a whole) and sentence; a sentence is kept as the values of `Words`."""


def in_each_language(first: Sequence[Pairs], again: Callable[[], Sequence[Pairs]]) -> list[list[list[Any]]]:
    """For each row its pairs as they are kept. `first` was said in the language that is spoken now, and is said `again` in
    the others; when nothing was said, it is not.
    """
    if not any(first):
        return [[] for _row in first]
    said = {i18n.language(): first}
    for language in i18n.LANGUAGES:
        if language not in said:
            with force_locale(language):
                said[language] = again()
    return [_beside(zh, en) for zh, en in zip(said["zh_Hans"], said["en"], strict=True)]


def spoken(pairs: Pairs) -> list[tuple[str, str]]:
    """Kept pairs as the current reader reads them."""
    return [(column, words if isinstance(words, str) else str(Words(**words))) for column, words in pairs]


def _beside(zh: Pairs, en: Pairs) -> list[list[Any]]:
    return [
        [column, words if isinstance(words, Mapping) else {"zh": words, "en": other}]
        for (column, words), (_column, other) in zip(zh, en, strict=True)
    ]
