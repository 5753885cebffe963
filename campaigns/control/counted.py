"""What counts for a measure in a campaign, one by one: the rows behind the number of a goal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from campaigns.participation.counts.goals import FULFILLED
from campaigns.participation.models import Fulfilment
from campaigns.planning.measures import Facts
from campaigns.planning.models import Campaign, Mission
from campaigns.planning.slots import Measure
from commons.db import db
from commons.events import Event
from community.members.facts import name_of
from community.members.models import Member

AT_ONCE = 500


@dataclass(frozen=True)
class Row:
    """Somebody did something that counts; without a member it was the team, or nobody knows who."""

    id: int
    at: datetime
    member: Member | None
    words: str


def rows(campaign: Campaign, measure: Measure, at: datetime, before: int | None, limit: int) -> list[Row]:
    """What counts up to a moment, what was recorded last first; `before` pages by id. Empty for what has no rows of its own."""
    if measure.name == FULFILLED:
        return _fulfilled(campaign, before, limit)
    return _facts(campaign, measure.count, at, before, limit) if isinstance(measure.count, Facts) else []


def table(campaign: Campaign, measure: Measure, at: datetime) -> Iterator[Sequence[object]]:
    """All of them for a file, the heading first; times in UTC."""
    yield "what", "at", "member", "name"
    before = None
    while found := rows(campaign, measure, at, before, AT_ONCE):
        for row in found:
            who = (row.member.public_id, row.member.name) if row.member else ("", "")
            yield row.words, row.at.isoformat(), *who
        before = found[-1].id


def _facts(campaign: Campaign, counting: Facts, at: datetime, before: int | None, limit: int) -> list[Row]:
    fact = aliased(Event)
    query = select(fact, Member).outerjoin(Member, Member.id == fact.member_id)
    query = query.where(fact.id.in_(counting.ids(campaign, at)))
    return [
        Row(one.id, one.occurred_at, member, name_of(one.kind)) for one, member in _page(query, fact, before, limit)
    ]


def _fulfilled(campaign: Campaign, before: int | None, limit: int) -> list[Row]:
    query = select(Fulfilment, Member).join(Member, Member.id == Fulfilment.member_id)
    query = query.join(Mission, Mission.id == Fulfilment.mission_id).where(Mission.campaign_id == campaign.id)
    names = {mission.id: str(mission.name) for mission in campaign.missions}
    found = _page(query, Fulfilment, before, limit)
    return [Row(one.id, one.fulfilled_at, member, names[one.mission_id]) for one, member in found]


def _page(query: Any, model: Any, before: int | None, limit: int) -> Sequence[Any]:
    query = query.where(model.id < before) if before else query
    return db.session.execute(query.order_by(model.id.desc()).limit(limit)).all()
