"""Pictures as Bluesky takes them: at most two million bytes, the same bytes at every try.

A blob is named by its content (CID version 1, raw bytes, SHA-256), so its name is known before it is sent.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from flask_babel import gettext as _

from community.channels.bluesky import sessions, wire
from community.channels.bodies import kept_file
from community.channels.models import ChannelAccount
from community.channels.outcomes import Rejected
from community.channels.pictures import made_smaller
from community.channels.protocol import Call, Media

MOST_BYTES = 2_000_000
KINDS = {"image/jpeg", "image/png", "image/webp", "image/gif"}


def frozen(picture: Media) -> dict[str, Any]:
    """The picture as it will be sent, kept in the store: `key`, and the `blob` and `ratio` for the record.

    A file that is small enough stays as it is. Raises `Rejected` when the file is gone or cannot be read.
    """
    data = _kept(picture.key)
    if len(data) <= MOST_BYTES and picture.media_type in KINDS:
        return _file(picture.key, data, picture.media_type, picture.width, picture.height)
    smaller = made_smaller(data, MOST_BYTES)
    return _file(smaller.key, smaller.content, "image/jpeg", smaller.width, smaller.height)


def hand_over(account: ChannelAccount, call: Call) -> None:
    """Upload the pictures of the request that are not there yet; each that is there is noted at once."""
    there = list(call.progress.get("blobs", []))
    for file in call.request["files"]:
        name = file["blob"]["ref"]["$link"]
        if name not in there:
            _upload(account, file, name)
            there.append(name)
            call.keep({**call.progress, "blobs": list(there)})


def cid(data: bytes) -> str:
    """The content identifier of a blob, as text."""
    raw = b"\x01\x55\x12\x20" + hashlib.sha256(data).digest()
    return "b" + base64.b32encode(raw).decode().rstrip("=").lower()


def _upload(account: ChannelAccount, file: dict[str, Any], name: str) -> None:
    data, kind = _kept(file["key"]), file["blob"]["mimeType"]
    if cid(data) != name:
        raise Rejected(_("A picture of this post is no longer the one that was planned."))
    taken = sessions.signed_in(account, lambda server, token: wire.upload(server, data, kind, token))
    blob = taken.get("blob")
    if not isinstance(blob, dict) or blob.get("ref") != {"$link": name} or blob.get("mimeType") != kind:
        raise Rejected(_("Bluesky kept another picture than the one that was sent."), str(taken)[:300])


def _kept(key: str) -> bytes:
    data = kept_file(key)
    if data is None:
        raise Rejected(_("A picture of this post is no longer there. Put it in again."))
    return data


def _file(key: str, data: bytes, media_type: str, width: int, height: int) -> dict[str, Any]:
    blob = {"$type": "blob", "ref": {"$link": cid(data)}, "mimeType": media_type, "size": len(data)}
    return {"key": key, "blob": blob, "ratio": {"width": width, "height": height}}
