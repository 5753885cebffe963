"""Noting that a number of a campaign changed, in the transaction that changes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert

from campaigns.participation.counts.models import CampaignChange, Grain, Measure
from campaigns.participation.counts.stretches import floor
from commons.db import db

What = tuple[int, Measure, int, datetime]
"""Campaign, measure, subject, and the minute."""


def note(campaign_id: int, measure: Measure, at: datetime, change: int = 1, *, subject_id: int = 0) -> None:
    """One more, or as many as `change` says, at that moment."""
    note_many({(campaign_id, measure, subject_id, floor(at, Grain.MINUTE)): change})


def note_many(changes: Mapping[What, int]) -> None:
    rows = [
        {"campaign_id": campaign_id, "measure": measure, "subject_id": subject_id, "minute": minute, "change": change}
        for (campaign_id, measure, subject_id, minute), change in changes.items()
        if change
    ]
    if rows:
        db.session.execute(insert(CampaignChange), rows)
