"""From bytes that claim to be a picture to pixels that are one. Pure: nothing is stored."""

from __future__ import annotations

import struct
import warnings
from io import BytesIO

from flask_babel import gettext as _
from PIL import Image, ImageCms, ImageOps

from commons.errors import DomainError, Invalid

BYTE_CAP = 10 * 1024 * 1024
PIXEL_CAP = 40_000_000
LONGEST_SIDE = 2560
KINDS = ("JPEG", "PNG", "WEBP", "GIF")

_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, KeyError, IndexError, TypeError, OverflowError)


class NotAPicture(Invalid):
    """The bytes do not decode as one of the kinds we take, or end too early."""


class Moving(Invalid):
    """An animation: we keep still pictures only."""


class TooManyPixels(Invalid):
    """Decoding it would take more memory than a picture may."""


class TooManyBytes(DomainError):
    """The file is larger than a picture may be."""

    status = 413


def decode(data: bytes) -> tuple[Image.Image, str]:
    """The upright picture in RGB, RGBA or L, at most `LONGEST_SIDE` on its longer side, and its media type.

    Colours are brought to sRGB. Whatever else the file carried (EXIF, text, profiles, appended data) is left behind.
    Raises `NotAPicture`, `Moving` or `TooManyPixels`.
    """
    try:
        image = Image.open(BytesIO(data), formats=KINDS)
        _check(image)
        if image.format in {"JPEG", "MPO"}:
            image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        upright = ImageOps.exif_transpose(image)
        flat = _plain_colours(upright)
        flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise _too_many_pixels() from bomb
    except _BROKEN as broken:
        raise _not_a_picture() from broken
    return flat, _media_type(str(image.format))


def encode(image: Image.Image, media_type: str) -> bytes:
    """The picture as a file of `media_type`, with nothing in it but pixels."""
    out = BytesIO()
    if media_type == "image/jpeg":
        image.save(out, "JPEG", quality=86, optimize=True, progressive=True)
    elif media_type == "image/webp":
        image.save(out, "WEBP", quality=86, method=4)
    else:
        image.save(out, "PNG", compress_level=7)
    return out.getvalue()


def narrower(image: Image.Image, width: int) -> Image.Image | None:
    """A copy `width` pixels wide; None when the picture is not wider than that."""
    if image.width <= width:
        return None
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def init_warnings() -> None:
    """Pillow warns of a decompression bomb before it refuses one; for us the warning is the refusal."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def _check(image: Image.Image) -> None:
    if image.width * image.height > PIXEL_CAP:
        raise _too_many_pixels()
    # An MPO is a photograph with a preview or a second view behind it; its first picture is the photograph.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise Moving(_("This picture moves."), _("Save one frame of it as PNG or JPEG and upload that."))


def _plain_colours(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image)
    has_gaps = image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info
    mode = "RGBA" if has_gaps else "L" if image.mode in {"L", "1"} else "RGB"
    bare = _in_srgb(image, mode) or image.convert(mode)
    clean = Image.new(mode, bare.size)
    clean.paste(bare)
    return clean


def _eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen bits of grey, as scanners write them."""
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _in_srgb(image: Image.Image, mode: str) -> Image.Image | None:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK"}:
        return None
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return None


def _media_type(kind: str) -> str:
    return {"JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp"}.get(kind, "image/png")


def _not_a_picture() -> NotAPicture:
    return NotAPicture(
        _("This file is not a picture that we can read."),
        _("Choose a JPEG, PNG, WebP or GIF file that opens elsewhere."),
    )


def _too_many_pixels() -> TooManyPixels:
    return TooManyPixels(
        _("This picture has more than %(count)s million pixels.", count=PIXEL_CAP // 1_000_000),
        _("Make it smaller and try again."),
    )
