"""The columns that a table may have, and how their headings are known again."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from commons.i18n import Words


@dataclass(frozen=True)
class Columns:
    """`words`: each column by its own name, with its heading in both languages. Of `needed` a table has at least one.

    `also`: further headings that people use, and the columns that they mean.
    """

    words: Mapping[str, Words]
    needed: tuple[str, ...]
    most_rows: int = 2000
    also: Mapping[str, str] = field(default_factory=dict)

    def named(self, heading: str) -> str | None:
        """The column that a heading names, in either language or by its own name; None for one that means nothing."""
        return self._headings.get(plain(heading))

    @cached_property
    def _headings(self) -> Mapping[str, str]:
        own = {plain(word): name for name, words in self.words.items() for word in (name, words.zh, words.en)}
        return {plain(word): name for word, name in self.also.items()} | own


def plain(word: str) -> str:
    """A word as it is compared: width, case and underscores make no difference."""
    return unicodedata.normalize("NFKC", word).strip().lower().replace("_", " ")
