"""How far each participant is, kept with the participant: worked out anew from his few rows whenever one of them changes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, and_, exists, func, or_, select, update

from campaigns.participation.counts.models import Measure
from campaigns.participation.counts.noting import note
from campaigns.participation.models import Fulfilment, MissionFact, Participant
from campaigns.planning.models import Mission
from commons.db import changed, db


def settle(campaign_id: int, member_id: int) -> None:
    """Write down how far the participant is now. The row is held by whoever changed one of his facts."""
    mine = and_(Participant.campaign_id == campaign_id, Participant.member_id == member_id)
    query = select(
        Participant.started_at, Participant.finished_at, Participant.fulfilled, _facts(), _of_fulfilments(func.count()),
        _of_fulfilments(func.min(Fulfilment.fulfilled_at)), _of_fulfilments(func.max(Fulfilment.fulfilled_at)), _missions(),
    )  # fmt: skip
    row = db.session.execute(query.where(mine)).one_or_none()
    if row is None:
        return
    had_started, had_finished, had_fulfilled, facts, fulfilled, first, last, missions = row
    finished = last if missions and fulfilled >= missions else None
    if had_finished is not None and fulfilled >= had_fulfilled:
        finished = had_finished  # a mission that was added since takes nothing away
    values = {"facts": facts, "fulfilled": fulfilled, "started_at": first, "finished_at": finished}
    changed(update(Participant).where(mine).values(**values))
    _moved(campaign_id, Measure.STARTED, had_started, first)
    _moved(campaign_id, Measure.FINISHED, had_finished, finished)


def settle_all(member_ids: Collection[int]) -> None:
    """The same in every campaign of these members: their facts are others than before."""
    query = select(Participant.campaign_id, Participant.member_id).where(Participant.member_id.in_(member_ids))
    for campaign_id, member_id in db.session.execute(query.order_by(Participant.id).with_for_update()).all():
        settle(campaign_id, member_id)


def put_right(campaign_id: int) -> int:
    """Settle those of a campaign whose row does not say what their facts do; how many there were."""
    differs = or_(Participant.facts != _facts(), Participant.fulfilled != _of_fulfilments(func.count()))
    query = select(Participant.member_id).where(Participant.campaign_id == campaign_id, differs)
    wrong = db.session.scalars(query.order_by(Participant.member_id).with_for_update()).all()
    for member_id in wrong:
        settle(campaign_id, member_id)
    return len(wrong)


def _moved(campaign_id: int, measure: Measure, before: datetime | None, now: datetime | None) -> None:
    if before == now:
        return
    for moment, change in ((before, -1), (now, 1)):
        if moment is not None:
            note(campaign_id, measure, moment, change)


def _facts() -> ScalarSelect[int]:
    counting = select(func.count()).select_from(MissionFact).join(Mission, Mission.id == MissionFact.mission_id)
    mine = (
        Mission.campaign_id == Participant.campaign_id,
        MissionFact.member_id == Participant.member_id,
        MissionFact.taken_back_at.is_(None),
    )
    return counting.where(*mine).correlate(Participant).scalar_subquery()


def _of_fulfilments(what: Any) -> ScalarSelect[Any]:
    mine = (Mission.campaign_id == Participant.campaign_id, Fulfilment.member_id == Participant.member_id)
    query = select(what).select_from(Fulfilment).join(Mission, Mission.id == Fulfilment.mission_id)
    return query.where(*mine).correlate(Participant).scalar_subquery()


def _missions() -> ScalarSelect[int]:
    """How many there are to fulfil: of those that were closed only what the participant had fulfilled before."""
    done = (Fulfilment.mission_id == Mission.id, Fulfilment.member_id == Participant.member_id)
    asked = or_(Mission.closed_at.is_(None), exists().where(*done).correlate(Mission, Participant))
    counting = select(func.count()).select_from(Mission).where(Mission.campaign_id == Participant.campaign_id, asked)
    return counting.correlate(Participant).scalar_subquery()
