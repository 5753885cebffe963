"""Pictures as Bluesky takes them: at most two million bytes, the same bytes at every try.

A blob is named by its content (CID version 1, raw bytes, SHA-256), so its name is known before it is sent.
"""

from __future__ import annotations

import base64
import hashlib
from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from PIL import Image

from commons.media.store import store
from community.channels.outcomes import Rejected
from community.channels.protocol import Media

MOST_BYTES = 2_000_000
SENT = "sent"
KINDS = {"image/jpeg", "image/png", "image/webp", "image/gif"}
SIDES = (2560, 2048, 1600, 1200, 900)
QUALITIES = (88, 80, 70, 60)

_PAPER = (255, 255, 255)


def frozen(picture: Media) -> dict[str, Any]:
    """The picture as it will be sent, kept in the store: `key`, and the `blob` and `ratio` for the record.

    A file that is small enough stays as it is. Raises `Rejected` when the file is gone or cannot be read.
    """
    try:
        data = store().path(picture.key).read_bytes()
    except OSError as gone:
        raise Rejected(_("A picture of this post is no longer there. Put it in again.")) from gone
    if len(data) <= MOST_BYTES and picture.media_type in KINDS:
        return _kept(picture.key, data, picture.media_type, picture.width, picture.height)
    smaller, width, height = _smaller(data)
    key = f"{SENT}/{hashlib.sha256(smaller).hexdigest()}"
    store().write(key, smaller)
    return _kept(key, smaller, "image/jpeg", width, height)


def read(file: dict[str, Any]) -> bytes:
    """The bytes of a frozen picture, unchanged since."""
    try:
        data = store().path(file["key"]).read_bytes()
    except OSError as gone:
        raise Rejected(_("A picture of this post is no longer there. Put it in again.")) from gone
    if cid(data) != file["blob"]["ref"]["$link"]:
        raise Rejected(_("A picture of this post is no longer the one that was planned."))
    return data


def cid(data: bytes) -> str:
    """The content identifier of a blob, as text."""
    raw = b"\x01\x55\x12\x20" + hashlib.sha256(data).digest()
    return "b" + base64.b32encode(raw).decode().rstrip("=").lower()


def _kept(key: str, data: bytes, media_type: str, width: int, height: int) -> dict[str, Any]:
    blob = {"$type": "blob", "ref": {"$link": cid(data)}, "mimeType": media_type, "size": len(data)}
    return {"key": key, "blob": blob, "ratio": {"width": width, "height": height}}


def _smaller(data: bytes) -> tuple[bytes, int, int]:
    """A JPEG within the limit: as large and as good as fits."""
    try:
        image = _flat(Image.open(BytesIO(data)))
    except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as broken:
        raise Rejected(_("A picture of this post cannot be read.")) from broken
    for side in SIDES:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in QUALITIES:
            out = BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() <= MOST_BYTES:
                return out.getvalue(), image.width, image.height
    raise Rejected(_("A picture of this post cannot be made small enough for Bluesky."))


def _flat(image: Image.Image) -> Image.Image:
    """Without transparency, which JPEG does not know."""
    if image.mode not in {"RGBA", "LA", "P"}:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    paper = Image.new("RGB", clear.size, _PAPER)
    paper.paste(clear, mask=clear.getchannel("A"))
    return paper
