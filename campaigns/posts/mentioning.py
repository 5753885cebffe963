"""Whom a post may mention: the people and pages that are known from channels, by the beginning of their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, or_, select

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
    """Known handles whose name or address holds `words`; those that begin with them first."""
    words = words.strip().lstrip("@")[:LONGEST]
    if not words:
        return []
    begins = or_(
        Handle.name.istartswith(words, autoescape=True), Handle.external_id.istartswith(words, autoescape=True)
    )
    query = (
        select(Handle)
        .where(
            or_(Handle.name.icontains(words, autoescape=True), begins),
            Handle.name != ERASED,
            Handle.user_id.is_(None),
        )
        .order_by(case((begins, 0), else_=1), Handle.name, Handle.id)
        .limit(MOST)
    )
    labels = {channel.name: str(channel.facts.label) for channel in known()}
    return [
        Suggestion(_mention(handle), handle.name, labels.get(handle.channel, handle.channel))
        for handle in db.session.scalars(query)
    ]


def _mention(handle: Handle) -> str:
    """An address (`tea@mastodon.social`) where the channel gives one, else the name without blanks."""
    address = handle.external_id
    return (
        address
        if "@" in address or ("." in address and not address.startswith("did:"))
        else "".join(handle.name.split())
    )
