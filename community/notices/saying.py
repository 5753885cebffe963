"""Notices in words: the sentence of each kind, and what the kinds are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons import zones
from commons.i18n import Words, date_words
from commons.slots import Slot
from community.members.zones import zone_of
from community.notices import slots
from community.notices.models import Notice

OTHER = "other"
TOPICS = {
    "loyalty": _l("Points and growth"),
    "level": _l("Levels"),
    "badge": _l("Badges"),
    "reward": _l("Points shop"),
    "penalty": _l("Penalties and appeals"),
    "circle": _l("Circles and answers"),
    "review": _l("What you handed in"),
    OTHER: _l("Everything else"),
}


def say(notice: Notice) -> str:
    """The notice in the reader's language; a gap for which there is nothing becomes a dash."""
    sentence = _table(slots.sentences).get(notice.kind)
    if sentence is None:
        return str(_("Something about you has changed."))
    return str(sentence) % _values(notice)


def topic_of(kind: str) -> str:
    """What a kind is about: the part before its dot if that has a name, else `other`."""
    topic = kind.partition(".")[0]
    return topic if topic in names() else OTHER


def topics() -> dict[str, str]:
    """The topics that there are sentences about, and their names."""
    known = {topic_of(kind) for kind in _table(slots.sentences)}
    return {topic: name for topic, name in names().items() if topic in known}


def names() -> dict[str, str]:
    return {topic: str(name) for topic, name in ({**_table(slots.topics), **TOPICS}).items()}


def _table(slot: Slot[Any]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for plug in slot:
        table |= plug()
    return table


def _values(notice: Notice) -> Mapping[str, Any]:
    return defaultdict(lambda: "–", {name: _value(notice, value) for name, value in notice.details.items()})


def _value(notice: Notice, value: Any) -> Any:
    keys = value.keys() if isinstance(value, dict) else set()
    if keys == {"zh", "en"}:
        return str(Words(**value))
    if keys == {"moment"}:
        return date_words(zones.day_of(datetime.fromisoformat(value["moment"]), zone_of(notice.member)), "long")
    return value
