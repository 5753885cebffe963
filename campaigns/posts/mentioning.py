"""Whom a post may mention: the people and pages that are known from channels, by the beginning of their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from commons.beginnings import Folded, begins_with
from commons.db import db
from community.channels.protocol import known
from community.members.models import ERASED, Handle

MOST = 8
LONGEST = 60


@dataclass(frozen=True)
class Suggestion:
    """What is put in after the `@`, and the words to choose it by."""

    mention: str
    name: str
    channel: str


def suggestions(words: str) -> Sequence[Suggestion]:
    """Known handles whose name begins with `words`; where those are few, also those whose address does."""
    words = words.strip().lstrip("@")[:LONGEST]
    if not words:
        return []
    found = list(_people(Handle.name, words))
    known_ids = {one.id for one in found}
    if len(found) < MOST:
        found += [one for one in _people(Handle.external_id, words) if one.id not in known_ids]
    labels = {channel.name: str(channel.facts.label) for channel in known()}
    return [Suggestion(_mention(one), one.name, labels.get(one.channel, one.channel)) for one in found[:MOST]]


def _people(column: InstrumentedAttribute[str], words: str) -> Sequence[Handle]:
    """The first who begin so, in the order of the index that serves it."""
    query = select(Handle).where(begins_with(column, words), Handle.name != ERASED, Handle.user_id.is_(None))
    return db.session.scalars(query.order_by(Folded(column), Handle.id).limit(MOST)).all()


def _mention(handle: Handle) -> str:
    """An address (`tea@mastodon.social`) where the channel gives one, else the name without blanks."""
    address = handle.external_id
    return (
        address
        if "@" in address or ("." in address and not address.startswith("did:"))
        else "".join(handle.name.split())
    )
