"""What an instance takes, as it says itself (/api/v2/instance), with the documented defaults where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from community.channels.mastodon.instance import Instance, known_object
from community.channels.models import ChannelAccount
from community.channels.protocol import Limits

# docs.joinmastodon.org/user/posting: what a fresh instance of the current version takes.
DEFAULTS = {
    "characters": 500,
    "pictures": 4,
    "picture_bytes": 16 * 1024 * 1024,
    "video_bytes": 99 * 1024 * 1024,
    "alt_characters": 1500,
}
_WHERE = {
    "characters": ("statuses", "max_characters"),
    "pictures": ("statuses", "max_media_attachments"),
    "picture_bytes": ("media_attachments", "image_size_limit"),
    "video_bytes": ("media_attachments", "video_size_limit"),
    "alt_characters": ("media_attachments", "description_limit"),
}
_MOST = 10**10


def facts_of(instance: Instance) -> dict[str, Any]:
    """Its limits and its name. What it does not say, or says in a way that makes no sense, is as documented.

    Raises a `Trouble` when it does not answer: limits are not guessed at because of a bad moment.
    """
    answer = instance.get("/api/v2/instance")
    if answer.status == 404:  # before version 4, and some that speak like Mastodon
        answer = instance.get("/api/v1/instance")
    told: Mapping[str, Any] = {} if answer.status == 404 else known_object(answer)
    configuration = _object(told.get("configuration"))
    facts: dict[str, Any] = {
        name: _number(_object(configuration.get(group)).get(key), DEFAULTS[name])
        for name, (group, key) in _WHERE.items()
    }
    return {**facts, "instance": str(told.get("title") or "")[:120], "version": str(told.get("version") or "")[:60]}


def limits_of(account: ChannelAccount) -> Limits:
    facts = {name: _number(account.facts.get(name), default) for name, default in DEFAULTS.items()}
    return Limits(
        characters=facts["characters"],
        pictures=facts["pictures"],
        picture_bytes=facts["picture_bytes"],
        videos=1,
        video_bytes=facts["video_bytes"],
        alt_characters=facts["alt_characters"],
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST else default
