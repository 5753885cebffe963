"""What a draw promises, as one document: checked before fans see it, hashed at the launch, never changed after. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from campaigns.draws.beacon import QUICKNET
from campaigns.draws.models import ADDRESS_DAYS, SENDING_DAYS, Draw, Jurisdiction, Source
from commons.errors import Invalid
from commons.i18n import money_words
from commons.money import Money

MARGIN = timedelta(minutes=10)
"""How long the list stands frozen and published at least before the random value comes out."""

LONGEST = timedelta(days=366)

# No single prize may be worth more: China, Interim Provisions on Regulating Promotional Activities (SAMR, 2020), article 17.
PRIZE_CAPS = {Jurisdiction.CHINA: Money(50_000_00, "CNY")}


def check_values(jurisdiction: Jurisdiction, values: Sequence[Money]) -> None:
    """Raise `Invalid` when there is no prize, or one is worth more than the law allows."""
    if not values:
        raise Invalid(_("A draw needs at least one prize."))
    cap = PRIZE_CAPS.get(jurisdiction)
    if cap is not None and any(value.currency != cap.currency or value > cap for value in values):
        raise Invalid(_("Under Chinese law no prize may be worth more than %(cap)s.", cap=money_words(cap)))


def check_times(closes_at: datetime, reveals_at: datetime, at: datetime) -> None:
    """Raise `Invalid` unless closing lies ahead of `at` and the draw far enough after it."""
    if closes_at <= at:
        raise Invalid(_("The list would close in the past; choose a later time."))
    if reveals_at < closes_at + MARGIN:
        raise Invalid(_("Between closing and the draw there must be ten minutes at least."))
    if reveals_at > at + LONGEST:
        raise Invalid(_("The draw must come within a year."))


def document(draw: Draw) -> dict[str, Any]:
    """The rules as they are hashed and published. Values are whole minor units, moments are UTC."""
    return {
        "draw": draw.public_id,
        "title": draw.title,
        "how": draw.how,
        "organiser": draw.organiser,
        "campaign": draw.campaign.title,
        "eligibility": draw.eligibility.value,
        "jurisdiction": draw.jurisdiction.value,
        "prizes": [
            {
                "name": prize.name,
                "quantity": prize.quantity,
                "value_minor": prize.value_minor,
                "currency": prize.currency,
                "by_post": prize.by_post,
            }
            for prize in draw.prizes
        ],
        "closes_at": stamp(draw.closes_at),
        "reveals_at": stamp(draw.reveals_at),
        "claim_days": draw.claim_days,
        "address_days": ADDRESS_DAYS,
        "sending_days": SENDING_DAYS,
        "randomness": _randomness(draw),
    }


def stamp(moment: datetime) -> str:
    """A moment as the documents write it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _randomness(draw: Draw) -> dict[str, Any]:
    if draw.source is Source.COMMITTED:
        return {"source": draw.source.value, "commitment": (draw.secret or {})["commitment"]}
    return {
        "source": draw.source.value,
        "chain_hash": QUICKNET.hash,
        "public_key": QUICKNET.public_key,
        "genesis": QUICKNET.genesis,
        "period": QUICKNET.period,
        "round": draw.round,
    }
