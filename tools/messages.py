"""Collect the words on screen into translations/zh_Hans, and say which of them still lack a translation.

    python tools/messages.py [FILE.json | FOLDER]…

Each JSON file holds {"English msgid": "translation"}, a plural under its singular; they fill in and correct the catalogue.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "zh_Hans"
CATALOGUE = ROOT / "translations" / LANGUAGE / "LC_MESSAGES" / "messages.po"
SOURCES = ("commons", "community", "campaigns", "templates")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2"), ("**.svg", "jinja2"), ("**.xml", "jinja2")]
DATELESS = datetime(2026, 1, 1, tzinfo=UTC)  # version control knows better
LAZY = {
    "_l": None,
    "_n": (1, 2),
    "_ln": (1, 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}


def main() -> int:
    catalogue = opened()
    catalogue.update(template(), no_fuzzy_matching=True)
    words = dict(translations(sys.argv[1:]))
    for message in messages(catalogue):
        fill(message, words)
    write(catalogue)
    missing = [str(singular(message)) for message in messages(catalogue) if not any(strings(message))]
    for msgid in missing:
        sys.stdout.write(f"untranslated: {msgid!r}\n")
    sys.stdout.write(f"{len(list(messages(catalogue)))} messages, {len(missing)} untranslated\n")
    return 0


def opened() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale=LANGUAGE, domain="messages", project="Quanzi", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain="messages")


def template() -> Catalog:
    """Every marked word of the sources, with where it stands."""
    found = Catalog(project="Quanzi", fuzzy=False)
    keywords = {**DEFAULT_KEYWORDS, **LAZY}
    for source in SOURCES:
        for filename, _line, message, comments, context in extract_from_dir(ROOT / source, METHODS, keywords=keywords):
            found.add(message, locations=[(f"{source}/{filename}", 0)], auto_comments=comments, context=context)
    return found


def translations(arguments: list[str]) -> Iterator[tuple[str, str]]:
    for argument in map(Path, arguments):
        for path in sorted(argument.glob("*.json")) if argument.is_dir() else [argument]:
            yield from json.loads(path.read_text(encoding="utf-8")).items()


def fill(message: Message, words: dict[str, str]) -> None:
    """Give the message its translation; a language without plural forms has one string for both."""
    if translated := words.get(singular(message)):
        message.string = (translated,) if message.pluralizable else translated


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (tuple, list)) else message.id


def strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (tuple, list)) else (message.string or "",)


def write(catalogue: Catalog) -> None:
    """Write the catalogue sorted and without line numbers, so that it changes only where the words do; compile it too."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.header_comment = "# The words on screen in simplified Chinese. `make messages` keeps this file."
    catalogue.creation_date = catalogue.revision_date = DATELESS
    catalogue.last_translator, catalogue.language_team = "Quanzi", "Quanzi"
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


if __name__ == "__main__":
    sys.exit(main())
