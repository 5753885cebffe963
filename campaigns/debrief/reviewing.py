"""What became of a campaign, put together for its review: planned against real, what worked, who came, what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from campaigns.control import brought, curves, filters, numbers, troubles
from campaigns.control.curves import By
from campaigns.control.filters import Filter, Stretch
from campaigns.control.goals import Goal, goals
from campaigns.control.slots import Trouble
from campaigns.debrief import costs, people
from campaigns.participation.counts import reading as counts
from campaigns.participation.counts.models import Grain, Measure
from campaigns.planning.models import Campaign
from commons import zones
from commons.accounts.models import User


@dataclass(frozen=True)
class PhaseLine:
    """What came in one phase."""

    phase: Stretch
    participants: int
    facts: int
    fulfilled: int
    visits: int


@dataclass(frozen=True)
class Review:
    """All of it at one moment. `hours`: facts by the hour of the day; `days`: the curve by day, whose days are named in
    `day_names`.
    """

    goals: Sequence[Goal]
    phases: Sequence[PhaseLine]
    missions: Sequence[numbers.MissionLine]
    funnel: Sequence[numbers.Step]
    posts: Sequence[brought.PostLine]
    links: Sequence[brought.LinkLine]
    hours: Sequence[int]
    days: dict[str, Any]
    day_names: Sequence[str]
    first_facts: Sequence[people.Source]
    sites: Sequence[people.Source]
    people: people.People
    costs: costs.Costs | None
    troubles: Sequence[Trouble]


def review(campaign: Campaign, user: User, at: datetime) -> Review:
    totals = counts.totals(campaign.id)
    every = filters.whole(campaign)
    facts = counts.series(campaign.id, [Measure.FACT], Grain.QUARTER, every)[Measure.FACT]
    links = brought.links(campaign, totals)
    days = curves.curve(campaign, By.DAY, Filter(), at)
    return Review(
        goals=goals(campaign, at),
        phases=[_phase(campaign, phase) for phase in filters.phases(campaign)],
        missions=numbers.mission_lines(campaign, totals),
        funnel=numbers.funnel(totals, Filter()),
        posts=sorted(brought.posts(campaign, totals), key=lambda line: -(line.comments + line.visits)),
        links=links,
        hours=people.hours(facts, campaign.zone),
        days=days,
        day_names=[_day_name(second, campaign.zone) for second in days["x"]],
        first_facts=people.first_facts(campaign),
        sites=people.sites(campaign),
        people=people.people(campaign),
        costs=costs.costs(campaign, totals, sum(line.orders for line in links)),
        troubles=troubles.troubles(campaign, user, at),
    )


def _phase(campaign: Campaign, phase: Stretch) -> PhaseLine:
    totals = counts.totals(campaign.id, phase.window)
    measures = (Measure.JOINED, Measure.FACT, Measure.FULFILLED, Measure.VISIT)
    joined, facts, fulfilled, visits = (totals.of(measure) for measure in measures)
    return PhaseLine(phase, joined, facts, fulfilled, visits)


def _day_name(second: int, zone: str) -> str:
    """Month and day, short enough for a chart."""
    day = zones.day_of(datetime.fromtimestamp(second, UTC), zone)
    return f"{day.month}/{day.day}"
