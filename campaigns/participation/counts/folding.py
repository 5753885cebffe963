"""Bringing what was noted into the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete

from campaigns.participation.counts.models import CampaignChange, CampaignCount, Grain, Measure
from campaigns.participation.counts.stretches import floor
from commons.db import db, insert_into

AT_ONCE = 1000
MINUTES_ARE_KEPT = timedelta(days=2)

Key = tuple[int, int, datetime, Measure, int]
"""Campaign, grain, beginning of the stretch, measure, subject: the unique key of a count."""


def fold() -> int:
    """Move what was noted and committed into the counts; how many changes. What a page reads is the same before and after."""
    change = CampaignChange
    gone = delete(change).returning(change.campaign_id, change.minute, change.measure, change.subject_id, change.change)
    rows = db.session.execute(gone.execution_options(synchronize_session=False)).all()
    changes: Counter[Key] = Counter()
    for campaign_id, minute, measure, subject_id, number in rows:
        for grain in Grain:
            changes[campaign_id, int(grain), floor(minute, grain), measure, subject_id] += number
    add(changes)
    return len(rows)


def add(changes: Mapping[Key, int]) -> None:
    """Add to the counts, always in one order, so that two who fold wait for each other instead of for ever."""
    names = ("campaign_id", "grain", "starts_at", "measure", "subject_id")
    ordered = sorted(
        (key for key, number in changes.items() if number), key=lambda key: (*key[:3], key[3].value, key[4])
    )
    rows = [{**dict(zip(names, key, strict=True)), "number": changes[key]} for key in ordered]
    for start in range(0, len(rows), AT_ONCE):
        new = insert_into(CampaignCount).values(rows[start : start + AT_ONCE])
        added = {"number": CampaignCount.number + new.excluded.number}
        db.session.execute(new.on_conflict_do_update(index_elements=list(names), set_=added))


def minutes_since(at: datetime) -> datetime:
    """The first minute that is kept."""
    return floor(at - MINUTES_ARE_KEPT, Grain.MINUTE)


def forget_minutes(at: datetime) -> None:
    """Minutes are looked at on their own day only."""
    old = (CampaignCount.grain == Grain.MINUTE, CampaignCount.starts_at < minutes_since(at))
    db.session.execute(delete(CampaignCount).where(*old).execution_options(synchronize_session=False))
