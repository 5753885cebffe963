"""What a campaign cost, for each participant and each order; nothing where there is no budget."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.participation.counts.models import Measure
from campaigns.participation.counts.reading import Totals
from campaigns.planning.models import Campaign
from campaigns.planning.reading import budget_of
from commons.money import Money


@dataclass(frozen=True)
class Costs:
    """Planned and spent so far; `per_participant` and `per_order` are None where there are none of them."""

    planned: Money
    spent: Money
    per_participant: Money | None
    per_order: Money | None


def costs(campaign: Campaign, totals: Totals, orders: int) -> Costs | None:
    """Of the budget of the campaign, if it has one."""
    if not campaign.budget:
        return None
    planned, spent = budget_of(campaign)
    return Costs(planned, spent, _each(spent, totals.of(Measure.JOINED)), _each(spent, orders))


def _each(spent: Money, number: int) -> Money | None:
    return Money(round(spent.minor / number), spent.currency) if number else None
