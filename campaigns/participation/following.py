"""Facts become participation: who takes part, what counts towards which mission, which mission is fulfilled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from operator import attrgetter

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate

from campaigns.participation import barring
from campaigns.participation.counts import scoring
from campaigns.participation.counts.models import Measure
from campaigns.participation.counts.noting import note
from campaigns.participation.models import Fulfilment, MissionFact, Participant
from campaigns.planning.missions import kinds
from campaigns.planning.models import Campaign, Mission
from commons import events
from commons.db import db, insert_new
from commons.events import Event, Evidence


def read(facts: Sequence[Event]) -> None:
    """Reader of the stream. A fact counts in the campaign that it names; one of a kind that counts everywhere, in every
    running campaign that asks for it.

    Each fact counts once for each mission, and a mission is fulfilled once, however often a fact is read. A fact that
    takes another back takes away what that one counted. Who may not take part (see `barring`) counts nowhere.
    """
    counting, undoing = kinds.fact_kinds(), kinds.undoes()
    ours = [fact for fact in facts if fact.member_id is not None and (fact.kind in counting or fact.kind in undoing)]
    for fact in sorted(ours, key=attrgetter("member_id")):  # always in one order, as each member's row is held
        if fact.kind in undoing:
            _take_back(fact, undoing[fact.kind])
        else:
            for campaign in _campaigns_of(fact):
                _follow(campaign, fact)


def recount(campaign: Campaign, member_id: int, at: datetime, key: str) -> None:
    """Bring the member's missions of the campaign in line with what counts: fulfilled where enough does and the member may
    take part, open otherwise. `key` names the occasion; the same one twice is once.
    """
    _hold(campaign.id, member_id)
    may = barring.may_take_part(campaign, member_id, at)
    for mission in campaign.missions:
        enough = may and _done(mission, member_id) >= mission.needed
        if enough:
            _fulfil(mission, member_id, _last_fact(mission, member_id), at, f"{key}:{member_id}")
        else:
            _reopen(mission, member_id, at, f"{key}:{member_id}")
    scoring.settle(campaign.id, member_id)


def uncount(campaign: Campaign, member_id: int, event_ids: Collection[int], at: datetime, key: str) -> None:
    """These facts of the member count no more in the campaign, for a reason that was found out later."""
    _set_taken_back(campaign, member_id, event_ids, at, key, counts=False)


def count_again(campaign: Campaign, member_id: int, event_ids: Collection[int], at: datetime, key: str) -> None:
    """The same undone: the reason was none."""
    _set_taken_back(campaign, member_id, event_ids, at, key, counts=True)


def _set_taken_back(
    campaign: Campaign, member_id: int, event_ids: Collection[int], at: datetime, key: str, *, counts: bool
) -> None:
    _hold(campaign.id, member_id)
    was_taken_back = MissionFact.taken_back_at.is_not(None)
    changing = update(MissionFact).where(
        MissionFact.mission_id.in_([mission.id for mission in campaign.missions]),
        MissionFact.member_id == member_id,
        MissionFact.event_id.in_(event_ids),
        was_taken_back if counts else ~was_taken_back,
    )
    changed = changing.values(taken_back_at=None if counts else at)
    columns = (MissionFact.mission_id, MissionFact.occurred_at)
    found = db.session.execute(changed.returning(*columns).execution_options(synchronize_session=False)).all()
    for mission_id, moment in found:
        note(campaign.id, Measure.FACT, moment, 1 if counts else -1, subject_id=mission_id)
    if found:
        recount(campaign, member_id, at, key)


def _campaigns_of(fact: Event) -> Sequence[Campaign]:
    everywhere = [kind.name for kind in kinds.kinds().values() if kind.everywhere and fact.kind in kind.facts]
    asked = [Campaign.missions.any(Mission.kind.in_(everywhere))] if everywhere else []
    if fact.campaign_id is not None:
        asked.append(Campaign.id == fact.campaign_id)
    if not asked:
        return []
    query = select(Campaign).where(
        Campaign.starts_at <= fact.occurred_at,
        Campaign.ends_at > fact.occurred_at,
        Campaign.cancelled_at.is_(None),
        Campaign.launched_at.is_not(None),
        or_(*asked),
    )
    return db.session.scalars(query.order_by(Campaign.id)).all()


def _follow(campaign: Campaign, fact: Event) -> None:
    """A fact that names the campaign takes part in it in any case; any other only where it counts towards a mission."""
    counting = [mission for mission in campaign.missions if kinds.counts_towards(mission, fact)]
    if not counting and fact.campaign_id != campaign.id:
        return
    assert fact.member_id is not None
    if not barring.may_take_part(campaign, fact.member_id, fact.occurred_at):
        return
    _take_part(campaign, fact)
    counted = [_count(mission, fact) for mission in counting]
    if any(counted):
        scoring.settle(campaign.id, fact.member_id)


def _take_part(campaign: Campaign, fact: Event) -> None:
    row = {
        "campaign_id": campaign.id,
        "member_id": fact.member_id,
        "event_id": fact.id,
        "joined_at": fact.occurred_at,
    }
    if insert_new(Participant, row) is None:
        _hold(campaign.id, fact.member_id)
        return
    note(campaign.id, Measure.JOINED, fact.occurred_at)
    events.track(
        "campaign.joined",
        key=f"campaign.joined:{campaign.public_id}:{fact.member_id}",
        at=fact.occurred_at,
        member_id=fact.member_id,
        subject=campaign,
        campaign_id=campaign.id,
        evidence=fact.evidence,
        payload={"title": campaign.title},
    )


def _hold(campaign_id: int, member_id: int | None) -> None:
    """Hold the participant's row until the commit: two facts at the same moment must see each other when they count."""
    mine = (Participant.campaign_id == campaign_id, Participant.member_id == member_id)
    db.session.execute(select(Participant.id).where(*mine).with_for_update())


def _count(mission: Mission, fact: Event) -> bool:
    """Whether the fact counts towards the mission now and did not before."""
    row = {
        "mission_id": mission.id,
        "member_id": fact.member_id,
        "event_id": fact.id,
        "occurred_at": fact.occurred_at,
    }
    if insert_new(MissionFact, row) is None:
        return False
    note(mission.campaign_id, Measure.FACT, fact.occurred_at, subject_id=mission.id)
    if _done(mission, fact.member_id) >= mission.needed:
        assert fact.member_id is not None
        _fulfil(mission, fact.member_id, fact, fact.occurred_at)
    return True


def _done(mission: Mission, member_id: int | None) -> int:
    mine = (
        MissionFact.mission_id == mission.id,
        MissionFact.member_id == member_id,
        MissionFact.taken_back_at.is_(None),
    )
    return db.session.scalar(select(func.count()).select_from(MissionFact).where(*mine)) or 0


def _last_fact(mission: Mission, member_id: int) -> Event:
    """The fact with which the mission has been done often enough."""
    mine = (MissionFact.mission_id == mission.id, MissionFact.member_id == member_id)
    query = select(Event).join(MissionFact, MissionFact.event_id == Event.id).where(*mine)
    counted = query.where(MissionFact.taken_back_at.is_(None)).order_by(Event.occurred_at, Event.id)
    return db.session.scalars(counted.offset(mission.needed - 1).limit(1)).one()


def _fulfil(mission: Mission, member_id: int, fact: Event, at: datetime, again: str = "") -> None:
    row = {"mission_id": mission.id, "member_id": member_id, "event_id": fact.id, "fulfilled_at": at}
    if insert_new(Fulfilment, row) is not None:
        note(mission.campaign_id, Measure.FULFILLED, at, subject_id=mission.id)
        events.track(
            "mission.fulfilled",
            key=_fulfilled_key(mission, fact.id) + (f":{again}" if again else ""),
            at=at,
            member_id=member_id,
            subject=mission,
            campaign_id=mission.campaign_id,
            evidence=fact.evidence,
            payload={"title": mission.title, "campaign": mission.campaign.title},
        )


def _take_back(fact: Event, named_by: str) -> None:
    """What the undone fact counted counts no more; a mission that lacks it now is open again."""
    assert fact.member_id is not None
    undone_id = fact.payload.get(named_by)
    query = select(Mission).join(MissionFact, MissionFact.mission_id == Mission.id)
    of_undone = (
        MissionFact.event_id == undone_id,
        MissionFact.member_id == fact.member_id,
        MissionFact.taken_back_at.is_(None),
    )
    for mission in db.session.scalars(query.where(*of_undone).order_by(Mission.campaign_id, Mission.position)).all():
        _hold(mission.campaign_id, fact.member_id)
        gone = update(MissionFact).where(MissionFact.mission_id == mission.id, *of_undone)
        for moment in _moments(gone.values(taken_back_at=fact.occurred_at).returning(MissionFact.occurred_at)):
            note(mission.campaign_id, Measure.FACT, moment, -1, subject_id=mission.id)
        if _done(mission, fact.member_id) < mission.needed:
            _reopen(mission, fact.member_id, fact.occurred_at, str(fact.id))
        scoring.settle(mission.campaign_id, fact.member_id)


def _reopen(mission: Mission, member_id: int, at: datetime, occasion: str) -> None:
    mine = (Fulfilment.mission_id == mission.id, Fulfilment.member_id == member_id)
    moments = _moments(delete(Fulfilment).where(*mine).returning(Fulfilment.fulfilled_at))
    if not moments:
        return
    note(mission.campaign_id, Measure.FULFILLED, moments[0], -1, subject_id=mission.id)
    fulfilled = events.latest("mission.fulfilled", member_id=member_id, subject=mission)
    events.track(
        "mission.reopened",
        key=f"mission.reopened:{mission.public_id}:{occasion}",
        at=at,
        member_id=member_id,
        subject=mission,
        campaign_id=mission.campaign_id,
        evidence=fulfilled.evidence if fulfilled else Evidence.STAFF,
        payload={
            "title": mission.title,
            "campaign": mission.campaign.title,
            "fulfilled_event_id": fulfilled.id if fulfilled else None,
        },
    )


def _moments(statement: ReturningUpdate[datetime] | ReturningDelete[datetime]) -> Sequence[datetime]:
    """Run it; the moments that its rows had."""
    return db.session.scalars(statement.execution_options(synchronize_session=False)).all()


def _fulfilled_key(mission: Mission, event_id: int) -> str:
    return f"mission.fulfilled:{mission.public_id}:{event_id}"
