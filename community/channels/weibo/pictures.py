"""The one picture of a post, as Weibo takes it: JPEG, GIF or PNG under 5 MB."""

from __future__ import annotations

import hashlib
from typing import Any

from flask_babel import gettext as _

from community.channels.bodies import kept_file
from community.channels.outcomes import Rejected
from community.channels.pictures import made_smaller
from community.channels.protocol import Media

MOST_BYTES = 5 * 1024 * 1024 - 1
TAKEN = frozenset({"image/jpeg", "image/png", "image/gif"})


def picture_request(picture: Media) -> dict[str, Any]:
    """Which file will be sent: the picture itself, or a JPEG of it that is made and kept now. Raises `Rejected`."""
    content = kept_file(picture.key)
    if content is None:
        raise Rejected(_("A file of this post is no longer there."))
    key, media_type = picture.key, picture.media_type
    if media_type not in TAKEN or len(content) > MOST_BYTES:
        smaller = made_smaller(content, MOST_BYTES)
        key, content, media_type = smaller.key, smaller.content, "image/jpeg"
    digest = hashlib.sha256(content).hexdigest()
    return {"key": key, "media_type": media_type, "sha256": digest, "alt": picture.alt}
