"""Reading the numbers of a campaign: what is brought into the counts and what is only noted, together and in one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, func, select, union_all

from campaigns.participation.counts.models import CampaignChange, CampaignCount, Grain, Measure
from campaigns.participation.counts.stretches import floor
from commons.db import db

QUARTER = timedelta(seconds=Grain.QUARTER)
LAST = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class Window:
    """A stretch of time; both ends count by the quarter of an hour that they lie in, as counts are kept by these."""

    since: datetime
    until: datetime

    @property
    def first(self) -> datetime:
        return floor(self.since, Grain.QUARTER)

    @property
    def end(self) -> datetime:
        return floor(self.until, Grain.QUARTER)


@dataclass(frozen=True)
class Totals:
    """Numbers by measure and subject."""

    numbers: Counter[tuple[Measure, int]] = field(default_factory=Counter)

    def of(self, measure: Measure, subject_id: int | None = None) -> int:
        """The number of one subject; without one, of all together."""
        if subject_id is not None:
            return self.numbers[measure, subject_id]
        return sum(number for (known, _subject), number in self.numbers.items() if known is measure)


def totals(campaign_id: int, window: Window | None = None) -> Totals:
    """All numbers of a campaign, or those of a stretch of time."""
    return totals_of([campaign_id], window)[campaign_id]


def totals_of(campaign_ids: Collection[int], window: Window | None = None) -> dict[int, Totals]:
    """The same of several campaigns at once."""
    kept, noted = _kept(Grain.QUARTER if window else Grain.TOTAL, window), _noted(window)
    both = union_all(
        kept.where(CampaignCount.campaign_id.in_(campaign_ids)),
        noted.where(CampaignChange.campaign_id.in_(campaign_ids)),
    ).subquery()
    keys = (both.c.campaign_id, both.c.measure, both.c.subject_id)
    found = {campaign_id: Totals() for campaign_id in campaign_ids}
    for campaign_id, measure, subject_id, number in db.session.execute(
        select(*keys, func.sum(both.c.number)).group_by(*keys)
    ):
        found[campaign_id].numbers[measure, subject_id] = int(number)
    return found


def up_to(campaign_id: int, measure: Measure, at: datetime) -> int:
    """How many there were at a moment; of the past, at the end of its quarter of an hour."""
    later = Window(at + QUARTER, LAST)
    return totals(campaign_id).of(measure) - totals(campaign_id, later).of(measure)


def series(
    campaign_id: int, measures: Collection[Measure], grain: Grain, window: Window, subject_id: int | None = None
) -> dict[Measure, Counter[datetime]]:
    """How many in each stretch of the window that has any, by measure."""
    kept = _kept(grain, window).where(CampaignCount.campaign_id == campaign_id, CampaignCount.measure.in_(measures))
    noted = _noted(window).where(CampaignChange.campaign_id == campaign_id, CampaignChange.measure.in_(measures))
    if subject_id is not None:
        kept = kept.where(CampaignCount.subject_id.in_([subject_id, 0]))
        noted = noted.where(CampaignChange.subject_id.in_([subject_id, 0]))
    both = union_all(kept, noted).subquery()
    keys = (both.c.measure, both.c.moment)
    found: dict[Measure, Counter[datetime]] = {measure: Counter() for measure in measures}
    for measure, moment, number in db.session.execute(select(*keys, func.sum(both.c.number)).group_by(*keys)):
        found[measure][floor(moment, grain)] += int(number)
    return found


def _kept(grain: Grain, window: Window | None) -> Select[int, Measure, int, datetime, int]:
    kept = CampaignCount
    query = select(kept.campaign_id, kept.measure, kept.subject_id, kept.starts_at.label("moment"), kept.number)
    query = query.where(kept.grain == grain)
    return query.where(kept.starts_at >= window.first, kept.starts_at < window.end) if window else query


def _noted(window: Window | None) -> Select[int, Measure, int, datetime, int]:
    noted = CampaignChange
    query = select(noted.campaign_id, noted.measure, noted.subject_id, noted.minute, noted.change)
    return query.where(noted.minute >= window.first, noted.minute < window.end) if window else query
