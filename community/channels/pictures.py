"""A picture made small enough for a network: the same bytes at every try."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO

from flask_babel import gettext as _
from PIL import Image

from commons.media.store import store
from community.channels.outcomes import Rejected

SENT = "sent"  # where they lie in the store until they are tidied away
SIDES = (2560, 2048, 1600, 1200, 900)
QUALITIES = (88, 80, 70, 60)

_PAPER = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A picture as it will be sent, kept in the store under `key`."""

    key: str
    content: bytes
    width: int
    height: int


def made_smaller(content: bytes, most_bytes: int) -> Jpeg:
    """`content` as a JPEG of at most `most_bytes`, as large and as good as fits. Raises `Rejected`."""
    try:
        image = _flat(Image.open(BytesIO(content)))
    except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as broken:
        raise Rejected(_("A picture of this post cannot be read.")) from broken
    for side in SIDES:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in QUALITIES:
            out = BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() <= most_bytes:
                return _kept(out.getvalue(), image.size)
    raise Rejected(_("A picture of this post cannot be made small enough to be taken there."))


def _kept(content: bytes, size: tuple[int, int]) -> Jpeg:
    key = f"{SENT}/{hashlib.sha256(content).hexdigest()}"
    store().write(key, content)
    return Jpeg(key, content, *size)


def _flat(image: Image.Image) -> Image.Image:
    """Without transparency, which JPEG does not know: what is clear becomes white."""
    if image.mode not in {"RGBA", "LA", "P"}:
        return image.convert("RGB")
    clear = image.convert("RGBA")
    paper = Image.new("RGB", clear.size, _PAPER)
    paper.paste(clear, mask=clear.getchannel("A"))
    return paper
