"""Goals of the plan that are counted by facts: how many there are is kept as the facts come.

What counts for a goal is said by its measure (`campaigns.planning.measures.Facts`). A goal that is new, or for which something
else counts since, is counted through once, soon after; until then pages count for themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from campaigns.participation.counts import proving
from campaigns.participation.counts import reading as counts
from campaigns.participation.counts.models import Measure
from campaigns.participation.counts.noting import note
from campaigns.participation.counts.reading import LAST, QUARTER, Window
from campaigns.planning import measures
from campaigns.planning.measures import Facts
from campaigns.planning.models import PARTICIPANTS, Campaign, Goal
from commons.db import db
from commons.events import Event

FULFILLED = "missions_fulfilled"
KEPT = {PARTICIPANTS: Measure.JOINED, FULFILLED: Measure.FULFILLED}
"""Measures that are kept whether there is a goal for them or not."""


def numbers(campaign: Campaign, at: datetime) -> dict[int, int]:
    """How far goals are at a moment, by id; of the past, at the end of its quarter of an hour."""
    now, later = counts.totals(campaign.id), counts.totals(campaign.id, Window(at + QUARTER, LAST))
    known, found = measures.by_facts(), {}
    for goal in campaign.goals:
        if goal.measure in KEPT:
            found[goal.id] = now.of(KEPT[goal.measure]) - later.of(KEPT[goal.measure])
        elif goal.measure in known and goal.counted_at is not None:
            found[goal.id] = now.of(Measure.GOAL, goal.id) - later.of(Measure.GOAL, goal.id)
    return found


def read(facts: Sequence[Event]) -> None:
    """Reader of the stream: what counts for a goal is noted, and what takes it back."""
    known = measures.by_facts()
    for fact in facts:
        if fact.campaign_id is not None:
            _count(fact, {name: measure for name, measure in known.items() if fact.kind in measure.kinds})
        if fact.member_id is not None:
            for name, measure in known.items():
                if fact.kind in measure.undone_by:
                    _take_back(fact, name, measure)


def count_new(at: datetime) -> int:
    """Count through what is not kept yet, campaign by campaign; for how many. Whoever changes a goal meanwhile waits."""
    new = select(Goal).where(Goal.counted_at.is_(None)).order_by(Goal.campaign_id, Goal.id)
    goals = db.session.scalars(new.with_for_update()).all()
    campaign_ids = sorted({goal.campaign_id for goal in goals})
    for campaign_id in campaign_ids:
        proving.put_right(campaign_id, at, only=Measure.GOAL)
    for goal in goals:
        goal.counted_at = at
    db.session.flush()
    return len(campaign_ids)


def doubt(member_ids: Collection[int]) -> None:
    """Facts went from one of these members to another: in their campaigns other facts count than before."""
    theirs = select(Event.campaign_id).where(Event.member_id.in_(member_ids), Event.campaign_id.is_not(None))
    for goal in db.session.scalars(select(Goal).where(Goal.campaign_id.in_(theirs), Goal.counted_at.is_not(None))):
        goal.counted_at = None
    db.session.flush()


def _count(fact: Event, known: Mapping[str, Facts]) -> None:
    """`known`: the measures that count facts of this kind."""
    if not known:
        return
    query = select(Goal).where(Goal.campaign_id == fact.campaign_id, Goal.measure.in_(known))
    for goal in db.session.scalars(query.join(Goal.campaign).options(contains_eager(Goal.campaign))).all():
        measure = known[goal.measure]
        if _was_told_before(fact) and measure.each is not None:
            goal.counted_at = None
        elif _is_of(goal.campaign, fact) and _is_new(measure, goal.campaign, fact):
            note(goal.campaign_id, Measure.GOAL, fact.occurred_at, subject_id=goal.id)


def _is_of(campaign: Campaign, fact: Event) -> bool:
    """Whether it happened in the period in which facts count."""
    first, last = measures.period(campaign, fact.occurred_at)
    return first <= fact.occurred_at <= last


def _is_new(measure: Facts, campaign: Campaign, fact: Event) -> bool:
    """Whether it counts now and did not before."""
    if measure.of_members and fact.member_id is None:
        return False
    if measure.each is None:
        return measure.of_members or not _was_told_before(fact)
    value = getattr(fact, measure.each.key)
    first, last = measures.period(campaign, campaign.ends_at)
    earlier = select(Event.id).where(*measure.like(), Event.campaign_id == campaign.id, measure.each == value)
    earlier = earlier.where(Event.id < fact.id, Event.occurred_at >= first, Event.occurred_at <= last)
    return value is not None and db.session.scalar(earlier.limit(1)) is None


def _take_back(fact: Event, name: str, measure: Facts) -> None:
    """What the fact takes back counts no more; what another took back before has been taken off already."""
    same = (
        Event.member_id == fact.member_id,
        Event.subject_type == fact.subject_type,
        Event.subject_id == fact.subject_id,
        Event.id < fact.id,
    )
    query = select(Event, Goal).join(Goal, Goal.campaign_id == Event.campaign_id)
    query = query.join(Goal.campaign).options(contains_eager(Goal.campaign))
    query = query.where(*measure.like(), *same, Goal.measure == name)
    for earlier, goal in db.session.execute(query.where(~measure.undone(fact.occurred_at, before=fact.id))).all():
        if _is_of(goal.campaign, earlier):
            note(goal.campaign_id, Measure.GOAL, earlier.occurred_at, -1, subject_id=goal.id)


def _was_told_before(fact: Event) -> bool:
    """It was read as nobody's, and whose it is turned out later."""
    return fact.learnt_at != fact.recorded_at
