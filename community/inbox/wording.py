"""The words that the inbox uses for kinds, channels and spans of time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import format_timedelta, gettext
from flask_babel import lazy_gettext as _l

from community.channels.protocol import channel_named
from community.inbox.models import InteractionKind

KIND_WORDS = {
    InteractionKind.MENTION: _l("Mention"),
    InteractionKind.COMMENT: _l("Comment"),
    InteractionKind.REPOST: _l("Repost"),
    InteractionKind.LIKE: _l("Like"),
    InteractionKind.DIRECT_MESSAGE: _l("Direct message"),
    InteractionKind.SHARE: _l("Share"),
}

KIND_ICONS = {
    InteractionKind.MENTION: "speakerphone",
    InteractionKind.COMMENT: "message-circle",
    InteractionKind.REPOST: "repeat",
    InteractionKind.LIKE: "heart",
    InteractionKind.DIRECT_MESSAGE: "mail",
    InteractionKind.SHARE: "share-3",
}

CHANNEL_WORDS = {"circle": _l("Circle"), "imported": _l("Imported")}

MINUTE, HOUR, DAY = 60, 3600, 86400


def kind_word(kind: InteractionKind) -> str:
    return str(KIND_WORDS[kind])


def channel_word(name: str) -> str:
    """A channel in the reader's words."""
    return str(channel_label(name))


def channel_label(name: str) -> Any:
    """The same as a lazy word. A channel that nobody here knows any more keeps its own name."""
    if name in CHANNEL_WORDS:
        return CHANNEL_WORDS[name]
    try:
        return channel_named(name).facts.label
    except LookupError:
        return name


def duration(seconds: int) -> str:
    """A span in words: `3 hours`, `12 days`."""
    return str(format_timedelta(timedelta(seconds=seconds), threshold=1.2))


class Delays:
    """Writes short delays after the original, thousands of them on one page: the words are looked up once."""

    def __init__(self) -> None:
        self._patterns: dict[int, str] = {
            1: gettext("+%(number)s s"),
            MINUTE: gettext("+%(number)s min"),
            HOUR: gettext("+%(number)s h"),
            DAY: gettext("+%(number)s d"),
        }

    def __call__(self, seconds: int) -> str:
        seconds = max(0, seconds)
        unit = next(unit for unit in (DAY, HOUR, MINUTE, 1) if seconds >= unit or unit == 1)
        return self._patterns[unit] % {"number": seconds // unit}


def acts() -> dict[str, Any]:
    """What the team does here, for the audit log."""
    return {
        "interaction.comment": _l("commented in the circle as the brand"),
        "interaction.withdrawn": _l("withdrew a comment of the brand"),
    }
