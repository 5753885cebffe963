"""Orders and customers for the tests of insights, told through the real verbs."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from campaigns.links.conversions import recording
from campaigns.links.conversions.models import Conversion, Source
from campaigns.links.conversions.recording import Order
from campaigns.links.models import Link
from commons.money import Money
from tests.campaigns.factories import a_link

_numbers = count(1)


def order(customer: str, at: datetime, link: Link | None = None, minor: int = 10000, click: str = "") -> Conversion:
    """An order that a shop told; without a link by one that says nothing of where it stood."""
    told = Order(f"N{next(_numbers)}", link or a_link(), Money(minor), at, click, customer)
    return recording.record(told, Source.CALL, at)[0]
