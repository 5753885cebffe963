"""The proof: counts and notes beside the rows that they count, and what differs is put right.

Both sides are read by one statement, so from one snapshot: nobody who takes part has to wait meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import BigInteger, Select, String, and_, cast, func, literal, literal_column, select, union_all

from campaigns.links.models import Hit, Link, Verdict
from campaigns.participation.counts import folding
from campaigns.participation.counts.models import CampaignChange, CampaignCount, Grain, Measure
from campaigns.participation.counts.stretches import EPOCH, from_seconds, seconds_of
from campaigns.participation.models import Fulfilment, MissionFact, Participant
from campaigns.planning.measures import by_facts
from campaigns.planning.models import Campaign, Mission
from commons.db import db
from commons.events import Event


def put_right(campaign_id: int, at: datetime, only: Measure | None = None) -> int:
    """Compare every count of a campaign with its rows; how many were wrong, and are right now. Minutes of long ago are not kept."""
    wrong = 0
    for grain in Grain:
        since = folding.minutes_since(at) if grain is Grain.MINUTE else EPOCH
        differing = _differing(campaign_id, grain, since, only)
        folding.add(differing)
        wrong += len(differing)
    return wrong


def _differing(campaign_id: int, grain: Grain, since: datetime, only: Measure | None) -> Counter[folding.Key]:
    rows = (_goals,) if only is Measure.GOAL else (_people, _facts, _fulfilments, _visits, _goals)
    measures = [only] if only else list(Measure)
    sides: list[Iterator[Select[Any]]] = [query(campaign_id, grain, since) for query in rows]
    sides += [query(campaign_id, grain, since, measures) for query in (_counts, _changes)]
    both = union_all(*chain.from_iterable(sides)).subquery()
    number = func.sum(both.c.number)
    query = select(both.c.starts, both.c.measure, both.c.subject, number)
    query = query.group_by(both.c.starts, both.c.measure, both.c.subject).having(number != 0)
    found: Counter[folding.Key] = Counter()
    for starts, measure, subject, missing in db.session.execute(query):
        found[campaign_id, int(grain), from_seconds(int(starts)), Measure(measure), int(subject)] = int(missing)
    return found


def _people(campaign_id: int, grain: Grain, since: datetime) -> Iterator[Select[Any]]:
    moments = {
        Measure.JOINED: Participant.joined_at,
        Measure.STARTED: Participant.started_at,
        Measure.FINISHED: Participant.finished_at,
    }
    for measure, moment in moments.items():
        query = _number(measure, seconds_of(moment, grain), _nothing(), func.count())
        yield query.where(Participant.campaign_id == campaign_id, moment >= since)


def _facts(campaign_id: int, grain: Grain, since: datetime) -> Iterator[Select[Any]]:
    query = _number(Measure.FACT, seconds_of(MissionFact.occurred_at, grain), MissionFact.mission_id, func.count())
    query = query.where(MissionFact.taken_back_at.is_(None), MissionFact.occurred_at >= since)
    yield query.where(MissionFact.mission_id.in_(_missions(campaign_id)))


def _fulfilments(campaign_id: int, grain: Grain, since: datetime) -> Iterator[Select[Any]]:
    starts = seconds_of(Fulfilment.fulfilled_at, grain)
    query = _number(Measure.FULFILLED, starts, Fulfilment.mission_id, func.count())
    yield query.where(Fulfilment.mission_id.in_(_missions(campaign_id)), Fulfilment.fulfilled_at >= since)


def _visits(campaign_id: int, grain: Grain, since: datetime) -> Iterator[Select[Any]]:
    """Each link of the brand for itself, those of fans together, and of these each post for itself."""
    starts = seconds_of(Hit.occurred_at, grain)
    sides = (
        (Measure.VISIT, Hit.link_id, Link.member_id.is_(None)),
        (Measure.VISIT, _nothing(), Link.member_id.is_not(None)),
        (Measure.SHARED, Link.post_id, and_(Link.member_id.is_not(None), Link.post_id.is_not(None))),
    )
    for measure, subject, whose in sides:
        query = _number(measure, starts, subject, func.count()).select_from(Hit).join(Link, Link.id == Hit.link_id)
        people = (Hit.verdict == Verdict.HUMAN, Hit.occurred_at >= since)
        yield query.where(Link.campaign_id == campaign_id, whose, *people)


def _goals(campaign_id: int, grain: Grain, since: datetime) -> Iterator[Select[Any]]:
    """Each goal that is counted by facts, with the facts that its measure counts."""
    campaign, known = db.session.get_one(Campaign, campaign_id), by_facts()
    for goal in campaign.goals:
        if goal.measure in known:
            subject = cast(literal_column(str(goal.id)), BigInteger)
            query = _number(Measure.GOAL, seconds_of(Event.occurred_at, grain), subject, func.count())
            ids = known[goal.measure].ids(campaign, campaign.ends_at)
            yield query.where(Event.id.in_(ids), Event.occurred_at >= since)


def _counts(campaign_id: int, grain: Grain, since: datetime, measures: Collection[Measure]) -> Iterator[Select[Any]]:
    kept = CampaignCount
    query = _number(kept.measure, seconds_of(kept.starts_at, grain), kept.subject_id, -func.sum(kept.number))
    query = query.where(kept.campaign_id == campaign_id, kept.grain == grain, kept.starts_at >= since)
    yield query.where(kept.measure.in_(measures))


def _changes(campaign_id: int, grain: Grain, since: datetime, measures: Collection[Measure]) -> Iterator[Select[Any]]:
    noted = CampaignChange
    query = _number(noted.measure, seconds_of(noted.minute, grain), noted.subject_id, -func.sum(noted.change))
    yield query.where(noted.campaign_id == campaign_id, noted.minute >= since, noted.measure.in_(measures))


def _number(measure: Any, starts: Any, subject: Any, number: Any) -> Select[Any]:
    """One side of the comparison: the number by stretch, measure and subject; what is only said has its sign turned."""
    what = literal(measure.value) if isinstance(measure, Measure) else cast(measure, String)
    query = select(starts.label("starts"), what.label("measure"), subject.label("subject"), number.label("number"))
    return query.group_by(starts, subject) if isinstance(measure, Measure) else query.group_by(starts, measure, subject)


def _missions(campaign_id: int) -> Select[int]:
    return select(Mission.id).where(Mission.campaign_id == campaign_id)


def _nothing() -> Any:
    return cast(literal_column("0"), BigInteger)
