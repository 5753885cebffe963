"""The one picture of a post, as Weibo takes it: JPEG, GIF or PNG under 5 MB."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from PIL import Image

from commons.media.store import store
from community.channels.bodies import kept_file
from community.channels.outcomes import Rejected
from community.channels.protocol import Media

MOST_BYTES = 5 * 1024 * 1024 - 1
TAKEN = frozenset({"image/jpeg", "image/png", "image/gif"})
_WHITE = (255, 255, 255)


def picture_request(picture: Media) -> dict[str, Any]:
    """Which file will be sent: the picture itself, or a JPEG of it that is made now and kept beside it."""
    content = kept_file(picture.key)
    if content is None:
        raise Rejected(_("A file of this post is no longer there."))
    key, media_type = picture.key, picture.media_type
    if media_type not in TAKEN or len(content) > MOST_BYTES:
        content, media_type = _as_jpeg(content), "image/jpeg"
        key = f"{picture.key}.jpeg"
        store().write(key, content)
    if len(content) > MOST_BYTES:
        raise Rejected(_("The picture is too large for Weibo."))
    return {"key": key, "media_type": media_type, "sha256": picture.sha256, "alt": picture.alt}


def _as_jpeg(content: bytes) -> bytes:
    """What is clear becomes white. The file was decoded and written by us before: it is no stranger's any more."""
    with Image.open(BytesIO(content)) as image:
        clear = image.convert("RGBA")
    flat = Image.new("RGB", clear.size, _WHITE)
    flat.paste(clear, mask=clear)
    out = BytesIO()
    flat.save(out, "JPEG", quality=88, optimize=True)
    return out.getvalue()
