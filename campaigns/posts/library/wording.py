"""Words of the library: how large and how long something is, what needs it, and the audit log's sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel.lists import format_list
from flask import Flask
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaigns.posts.library.usage import Use
from commons.admin.audit import sentences
from commons.media.models import Picture, Video
from commons.media.usage import LET_GO

QUOTED = 24

OTHERS = {
    "brand": _l("the brand's logo"),
    "link": _l("the preview card of a link"),
    "group_buy": _l("a group buy"),
    "payment_receipt": _l("the proof of a payment"),
    "page_media": _l("a campaign's page"),
    "reward": _l("a reward in the points shop"),
    "submission_picture": _l("something a fan handed in"),
    "share_proof": _l("the proof of a share"),
    "channel_post_picture": _l("a post on a channel"),
    "video": _l("a video's first frame"),
}


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        filesize=bytes_words,
        duration=length_words,
        pixels=pixels_words,
        media_users=others_words,
        media_name=name_words,
    )
    sentences.plug(acts)


def acts() -> dict[str, Any]:
    """What staff did in the library."""
    return {
        "media.added": _l("put “%(name)s” into the media library"),
        "media.deleted": _l("deleted “%(name)s” from the media library"),
        LET_GO: _l("took “%(name)s” out of a post"),
    }


def bytes_words(size: int) -> str:
    """340 KB, 12.4 MB."""
    if size < 1_000_000:
        return str(_("%(count)s KB", count=format_decimal(max(1, round(size / 1000)))))
    return str(_("%(count)s MB", count=format_decimal(round(size / 1_000_000, 1))))


def length_words(seconds: float) -> str:
    """1:05, as players show it."""
    whole = max(1, round(seconds))
    return f"{whole // 60}:{whole % 60:02}"


def pixels_words(what: Picture | Video) -> str:
    return f"{what.width} × {what.height}"


def name_words(what: Picture | Video) -> str:
    """What the file was called; pictures that came without a name are called what they are."""
    if what.name:
        return what.name
    return str(_("Picture")) if isinstance(what, Picture) else str(_("Video"))


def named(use: Use) -> str:
    """A post by its first words and how far it is."""
    text = " ".join(use.text.split())
    short = text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
    words = {"planned": _("planned"), "published": _("published"), "draft": _("draft"), "discarded": _("discarded")}
    words["recurring"] = _("recurring")
    return str(_("“%(text)s” (%(stage)s)", text=short or _("(no text)"), stage=words[use.stage]))


def others_words(tables: Sequence[str]) -> str:
    return list_words([str(OTHERS[table]) for table in tables])


def list_words(words: Sequence[str]) -> str:
    return str(format_list(list(words), locale=get_locale() or "en"))
