"""Names of people: any script, no tricks."""

from __future__ import annotations

import unicodedata

from flask_babel import gettext as _
from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

LONGEST = 60
ERASED = "∅"
JOINER = "\u200d"  # holds the parts of one emoji together


class PersonName(TypeDecorator[str]):
    """A person's name. Once it is erased, whoever reads it is told so in the reader's own language."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return str(_("Deleted account")) if value == ERASED else value


def clean(text: str | None) -> str:
    """The name as it is kept: composed, single spaces, without control characters and direction marks."""
    composed = unicodedata.normalize("NFC", text or "")
    if composed.isprintable():  # as nearly every name is: neither a trick nor a space other than the usual one
        return " ".join(composed.split())
    visible = "".join(" " if c.isspace() else c for c in composed if c == JOINER or not _is_trick(c))
    return " ".join(visible.split())


def has_letter(name: str) -> bool:
    """Whether there is anything to see: a letter, a digit or a sign, not only joiners and accents."""
    return any(unicodedata.category(c)[0] in "LNSP" for c in name)


def _is_trick(character: str) -> bool:
    """Control, format, private and unassigned characters; line breaks count as spaces instead."""
    return unicodedata.category(character)[0] == "C" and not character.isspace()
