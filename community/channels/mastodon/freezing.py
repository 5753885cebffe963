"""A post as requests: what will be sent, word for word."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from commons.db import random_id
from community.channels.outcomes import Rejected
from community.channels.protocol import Media, Outgoing, Part
from community.channels.wording import text_sent


def requests_of(outgoing: Outgoing) -> list[dict[str, Any]]:
    """One request for each part, and one for the first comment.

    `reply_to` is the number of the part that it answers: each part the one before, the comment the first. The warning
    stands before all of them, as it would when somebody answers there. `key` is the Idempotency-Key: another one whenever
    what is said is another, so that an edited post is never taken for the one before.
    """
    publication = outgoing.key or random_id()
    requests = []
    for number, part in enumerate(_parts(outgoing), start=1):
        request: dict[str, Any] = {
            "text": text_sent(part.text, outgoing.link_url, number == 1),
            "spoiler_text": outgoing.content_warning,
            "language": outgoing.language.partition("-")[0],
            "visibility": "public",
            "media": _media(part),
        }
        is_comment = number > len(outgoing.parts)
        if is_comment:
            request["comment"] = True
        if number > 1:
            request["reply_to"] = 1 if is_comment else number - 1
        requests.append({**request, "key": _digest([publication, number, request])})
    return requests


def _parts(outgoing: Outgoing) -> Iterator[Part]:
    yield from outgoing.parts
    if outgoing.first_comment:
        yield Part(outgoing.first_comment)


def _media(part: Part) -> list[dict[str, Any]]:
    if part.video is not None and part.pictures:
        raise Rejected(_("Mastodon takes pictures or a video, not both in one post."))
    media = [part.video] if part.video is not None else part.pictures
    return [_file(entry) for entry in media]


def _file(media: Media) -> dict[str, Any]:
    return {"key": media.key, "media_type": media.media_type, "alt": media.alt, "sha256": media.sha256}


def _digest(named: list[Any]) -> str:
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()
