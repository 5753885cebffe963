"""Signs that two accounts are one person: an order in a shop that names the one, made while the other was signed in."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from campaigns.links.conversions.models import Conversion
from campaigns.links.models import Hit
from campaigns.participation.persons.signs import Sighting
from commons import bulk
from commons.db import db
from community.members.models import Member


def orders(member_ids: Collection[int]) -> Iterator[Sighting]:
    """For each two accounts, how many orders tie them together."""
    query = select(Conversion.customer_id, Member.id).join(Hit, Hit.uid == Conversion.hit_uid)
    query = query.join(Member, Member.user_id == Hit.user_id).where(Conversion.customer_id != Member.id)
    query = query.where(bulk.among(Member.id, member_ids))
    known, times = set(member_ids), dict[tuple[int, int], int]()
    for customer_id, visitor_id in db.session.execute(query):
        if customer_id in known:
            pair = min(customer_id, visitor_id), max(customer_id, visitor_id)
            times[pair] = times.get(pair, 0) + 1
    for pair, number in sorted(times.items()):
        yield Sighting("customer", pair, {"times": number})
