"""What tags may be called, and which one a word means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

import regex
from flask_babel import gettext as _
from sqlalchemy import Select, select

from commons import events
from commons.accounts import names
from commons.accounts.models import User
from commons.db import db, insert_new
from commons.errors import Invalid
from community.members.tags.models import LONGEST, Tag

_BETWEEN = regex.compile(r"[,，;；、|\s]+")


def checked(word: str) -> str:
    """The word as a tag is called. Raises `Invalid` with the reason where it cannot be one."""
    name = names.clean(word).lstrip("#").strip()
    if not names.has_letter(name):
        raise Invalid(_("A tag needs a word."), _("Write one, such as “regular”."))
    if _BETWEEN.search(name):
        raise Invalid(_("A tag is one word."), _("Leave out spaces and commas, or put a hyphen between."))
    if len(name) > LONGEST:
        raise Invalid(_("A tag has at most %(count)s characters.", count=LONGEST))
    return name


def folded(word: str) -> str:
    """The word as it is compared: case and width make no difference."""
    return unicodedata.normalize("NFKC", names.clean(word).lstrip("#")).strip().casefold()[: LONGEST * 2]


def words_in(cell: str) -> list[str]:
    """The words of a list, whatever stands between them; each once."""
    found = {folded(word): word for word in reversed(_BETWEEN.split(cell)) if word}
    return list(reversed(found.values()))


def called(word: str) -> Tag | None:
    """The tag of that name, if there is one."""
    return db.session.scalars(select(Tag).where(Tag.folded == folded(word))).one_or_none()


def known(words: Iterable[str]) -> dict[str, Tag]:
    """The tags that there are of these names, by the folded name."""
    wanted = {folded(word) for word in words}
    found = db.session.scalars(select(Tag).where(Tag.folded.in_(wanted))).all()
    return {tag.folded: tag for tag in found if tag.folded is not None}


def named(word: str, *, by: User, at: datetime) -> Tag:
    """The tag of that name, made if there is none. Raises `Invalid` as `checked`."""
    name = checked(word)
    row = {"name": name, "folded": folded(name), "made_by_id": by.id, "made_at": at}
    is_new = insert_new(Tag, row) is not None
    tag = db.session.scalars(select(Tag).where(Tag.folded == folded(name))).one()
    if is_new:
        events.track(
            "tag.made", key=f"tag.made:{tag.public_id}", at=at, actor_id=by.id, subject=tag, payload={"tag": name}
        )
    return tag


def offered() -> Sequence[Tag]:
    """All tags that there are, by name."""
    return db.session.scalars(by_name()).all()


def by_name() -> Select[Tag]:
    """The same as a query."""
    return select(Tag).where(Tag.gone_at.is_(None)).order_by(Tag.folded)
