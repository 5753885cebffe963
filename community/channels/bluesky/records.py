"""A post as records of Bluesky, frozen whole before the first call: keys, moments, facets, blobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import regex
from flask_babel import gettext as _

from community.channels.bluesky import blobs, videos
from community.channels.bluesky.facets import Resolve, RichText, rich
from community.channels.bluesky.tids import tid
from community.channels.outcomes import Rejected
from community.channels.protocol import Media, Outgoing, Part, Sent
from community.channels.wording import text_sent

COLLECTION = "app.bsky.feed.post"
MOST_CHARACTERS = 300
MOST_BYTES = 3000
MOST_PICTURES = 4


def requests_of(outgoing: Outgoing, resolve: Resolve, at: datetime) -> list[dict[str, Any]]:
    """One request a part, and one for the first comment: `rkey`, `record`, and the `files` or the `video` before it."""
    texts = [text_sent(part.text, outgoing.link_url, number == 0) for number, part in enumerate(outgoing.parts)]
    parts = list(outgoing.parts)
    requests = [
        _request(number, part, rich(text, resolve), outgoing, at)
        for number, (part, text) in enumerate(zip(parts, texts, strict=True))
    ]
    if outgoing.first_comment:
        words = rich(text_sent(outgoing.first_comment, outgoing.link_url, is_first=False), resolve)
        requests.append({**_request(len(parts), Part(words.text), words, outgoing, at), "comment": True})
    return requests


def record_to_send(
    request: dict[str, Any], earlier: Sequence[Sent], video: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The record, as an answer to what stands already: a part to the part before it, the first comment to the first.

    `video` is the embed of a video, which is named only once Bluesky has worked on it.
    """
    record = dict(request["record"])
    if video is not None:
        record["embed"] = video
    if earlier:
        above = earlier[0] if request.get("comment") else earlier[-1]
        record["reply"] = {"root": _reference(earlier[0]), "parent": _reference(above)}
    return record


def _request(number: int, part: Part, words: RichText, outgoing: Outgoing, at: datetime) -> dict[str, Any]:
    _check(words.text, part)
    moment = at + timedelta(milliseconds=number)
    files = [blobs.frozen(picture) for picture in part.pictures]
    record: dict[str, Any] = {
        "$type": COLLECTION,
        "text": words.text,
        "createdAt": moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z",
    }
    if words.facets:
        record["facets"] = words.facets
    if outgoing.language:
        record["langs"] = [outgoing.language]
    if files:
        record["embed"] = {"$type": "app.bsky.embed.images", "images": _images(part.pictures, files)}
    request = {"rkey": tid(moment, f"{outgoing.key}:{number}"), "record": record, "files": files}
    return {**request, "video": videos.frozen(part.video)} if part.video is not None else request


def _images(pictures: Sequence[Media], files: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"alt": picture.alt, "image": file["blob"], "aspectRatio": file["ratio"]}
        for picture, file in zip(pictures, files, strict=True)
    ]


def _check(text: str, part: Part) -> None:
    if len(regex.findall(r"\X", text)) > MOST_CHARACTERS or len(text.encode()) > MOST_BYTES:
        raise Rejected(_("A part is longer than Bluesky takes (300 characters, 3,000 bytes)."))
    if len(part.pictures) > MOST_PICTURES:
        raise Rejected(_("Bluesky takes at most four pictures."))
    if part.video is not None and part.pictures:
        raise Rejected(_("Bluesky takes pictures or a video, not both in one post."))


def _reference(sent: Sent) -> dict[str, str]:
    return {"uri": sent.external_id, "cid": str(sent.details["cid"])}
