"""Signs that two winners are one person: where their parcels go, as long as that is kept."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import select

from campaigns.draws.models import DrawAward, DrawEntry
from campaigns.participation.persons.signs import Sighting, shared
from commons import bulk
from commons.db import db


def parcels(member_ids: Collection[int]) -> Iterator[Sighting]:
    """Prizes of several accounts that go to one address, or that are announced by one telephone."""
    query = select(DrawEntry.member_id, DrawAward.address).join(DrawEntry, DrawEntry.id == DrawAward.entry_id)
    query = query.where(bulk.among(DrawEntry.member_id, member_ids), DrawAward.address_at.is_not(None))
    places, phones = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    for member_id, address in db.session.execute(query):
        if address:
            places[_plain(address["place"])].add(member_id)
            phones[_plain(address["phone"])].add(member_id)
    yield from shared("address", places.values())
    yield from shared("phone", phones.values())


def _plain(text: str) -> str:
    """Letters and digits alone: blanks, commas and dashes are written this way and that."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
