"""What the body of a call says about sums and moments, as words become values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _

from commons.calls.signing import FRESH
from commons.errors import Invalid
from commons.money import Money, amount_of


def amount_and_moment(said: Mapping[str, str], moment: str, at: datetime) -> tuple[Money, datetime]:
    """The sum in `amount` and `currency`, and the moment under the name `moment`: `at` where none is told. Raises `Invalid`."""
    try:
        amount = amount_of(said.get("amount", ""), said.get("currency", ""))
        told = datetime.fromisoformat(said[moment]) if said.get(moment) else at
    except ValueError as error:
        raise Invalid(_("Write the amount like 128.00 and the moment like 2026-03-01T12:00:00Z.")) from error
    if told.tzinfo is None or told > at + FRESH:
        raise Invalid(_("A moment needs a time zone and cannot be in the future."))
    return amount, told
