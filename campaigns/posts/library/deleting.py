"""Deleting from the library: never what a post still needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete as delete_rows
from sqlalchemy import select, update

from campaigns.posts.library.usage import Use, others_of, uses_of
from campaigns.posts.library.wording import list_words, named, others_words
from campaigns.posts.models import BrandPost, PostPicture
from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict
from commons.media.forgetting import forget
from commons.media.models import Picture, Video

NAMED = 3


class Needed(Conflict):
    """A post, or something else, still has it."""


def delete(what: Picture | Video, *, by: User, at: datetime) -> None:
    """Delete it for good. Posts that were discarded lose it; for all others, raises `Needed` with their names."""
    kind = type(what)
    db.session.execute(select(kind.id).where(kind.id == what.id).with_for_update())
    uses = [use for use in uses_of([what]).get(what, ()) if use.needs_it]
    if uses:
        raise Needed(_posts_need_it(uses), _advice(uses))
    others = others_of([what]).get(what, ())
    if others:
        raise Needed(
            _("It is still used: %(what)s.", what=others_words(sorted(others))), _("Choose another one there first.")
        )
    _take_out_of_bygone(what)
    payload = {"name": what.name or what.public_id}
    events.track("media.deleted", key=f"media.deleted:{what.public_id}", at=at, actor_id=by.id, payload=payload)
    forget(what)


def _posts_need_it(uses: Sequence[Use]) -> str:
    words = [named(use) for use in uses[:NAMED]]
    rest = len(uses) - NAMED
    if rest > 0:
        words.append(ngettext("%(num)s more", "%(num)s more", rest))
    return str(_("It cannot be deleted, because posts need it: %(posts)s.", posts=list_words(words)))


def _advice(uses: Sequence[Use]) -> str:
    if all(use.stage == "published" for use in uses):
        return str(_("What is published keeps its pictures and videos."))
    return str(_("Take it out of the posts that are not out yet, then try again."))


def _take_out_of_bygone(what: Picture | Video) -> None:
    """Posts in the bin that come back later come back without it, and so do patterns of series that are over."""
    if isinstance(what, Picture):
        db.session.execute(delete_rows(PostPicture).where(PostPicture.picture_id == what.id))
    else:
        db.session.execute(update(BrandPost).where(BrandPost.video_id == what.id).values(video_id=None, video_alt=""))
    db.session.expire_all()
