"""Visits through the links of campaigns, noted as they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from campaigns.links.models import Hit, Link, Verdict
from campaigns.participation.counts.models import Grain, Measure
from campaigns.participation.counts.noting import What, note_many
from campaigns.participation.counts.stretches import floor
from commons.db import db


def note(moments: Mapping[int, Sequence[datetime]]) -> None:
    """`moments`: when people came, by the id of the link."""
    changes: Counter[What] = Counter()
    for link in db.session.scalars(select(Link).where(Link.id.in_(moments), Link.campaign_id.is_not(None))):
        _count(changes, link, link.campaign_id, moments[link.id], 1)
    note_many(changes)


def regroup(link: Link, before: int | None) -> None:
    """The link belongs to another campaign now than `before`, and so do its visits."""
    people = select(Hit.occurred_at).where(Hit.link_id == link.id, Hit.verdict == Verdict.HUMAN)
    moments = db.session.scalars(people).all()
    changes: Counter[What] = Counter()
    _count(changes, link, before, moments, -1)
    _count(changes, link, link.campaign_id, moments, 1)
    note_many(changes)


def _count(
    changes: Counter[What], link: Link, campaign_id: int | None, moments: Sequence[datetime], change: int
) -> None:
    """The brand's own link counts for itself; a fan's for the post that it shares, if it shares one."""
    if campaign_id is None:
        return
    subjects = [(Measure.VISIT, link.id if link.member_id is None else 0)]
    if link.member_id is not None and link.post_id is not None:
        subjects.append((Measure.SHARED, link.post_id))
    for measure, subject in subjects:
        for moment in moments:
            changes[campaign_id, measure, subject, floor(moment, Grain.MINUTE)] += change
