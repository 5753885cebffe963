"""Whom a post may mention: the people and pages that are known from channels, by the beginning of their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, not_, or_, select

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
    """Known handles whose name or address begins with `words`; where those are few, also others that hold them."""
    words = words.strip().lstrip("@")[:LONGEST]
    if not words:
        return []
    begins = or_(
        Handle.name.istartswith(words, autoescape=True), Handle.external_id.istartswith(words, autoescape=True)
    )
    found = _people(begins, MOST)
    if len(found) < MOST:
        found += _people(and_(Handle.name.icontains(words, autoescape=True), not_(begins)), MOST - len(found))
    labels = {channel.name: str(channel.facts.label) for channel in known()}
    return [Suggestion(_mention(one), one.name, labels.get(one.channel, one.channel)) for one in found]


def _people(fits: ColumnElement[bool], most: int) -> list[Handle]:
    """Some of those who fit, whoever comes first: an order over all of them would have to look at all of them."""
    query = select(Handle).where(fits, Handle.name != ERASED, Handle.user_id.is_(None))
    return sorted(db.session.scalars(query.limit(most)), key=lambda handle: handle.name)


def _mention(handle: Handle) -> str:
    """An address (`tea@mastodon.social`) where the channel gives one, else the name without blanks."""
    address = handle.external_id
    return (
        address
        if "@" in address or ("." in address and not address.startswith("did:"))
        else "".join(handle.name.split())
    )
