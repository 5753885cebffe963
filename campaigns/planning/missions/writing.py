"""Adding, changing, ordering, closing and removing missions, as far as that is fair to those who take part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from campaigns.planning import slots
from campaigns.planning.missions import kinds
from campaigns.planning.models import Campaign, Mission
from commons import events, zones
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.events import Evidence

MOST_MISSIONS = 50


class InUse(Conflict):
    """Fans have done something for it: it can be closed, and not removed or turned into something else."""


class CampaignOver(Conflict):
    """The campaign has ended or was called off; its missions no longer change."""


@dataclass(frozen=True)
class WantedMission:
    """What a mission is to be. `opens` and `closes` are wall-clock times in the campaign's zone; None is the campaign's own.

    Without `evidence` it asks for the best that its kind reaches.
    """

    kind: str
    title: str
    needed: int = 1
    title_en: str = ""
    evidence: Evidence | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


def add(campaign: Campaign, wanted: WantedMission, *, by: User, at: datetime) -> Mission:
    """A further mission, the last in the order. `Invalid` for what no kind knows, `CampaignOver` once that is over."""
    _check_goes_on(campaign, at)
    if len(campaign.missions) >= MOST_MISSIONS:
        raise Invalid(_("A campaign has at most %(count)s missions.", count=MOST_MISSIONS))
    last = max((mission.position for mission in campaign.missions), default=-1)
    mission = Mission(kind=str(wanted.kind), position=last + 1, added_at=at)
    _write(mission, campaign, wanted)
    campaign.missions.append(mission)
    db.session.flush()
    _tell("mission.added", mission, by, at)
    return mission


def change(mission: Mission, wanted: WantedMission, *, by: User, at: datetime) -> None:
    """Change a mission. Once fans have done something for it, or the campaign has begun, only its words change, and its end
    may move later: what was promised stays. The kind never changes.
    """
    _check_goes_on(mission.campaign, at)
    if wanted.kind != mission.kind:
        raise Invalid(_("The kind of a mission stays; add another one instead."))
    if is_promised(mission, at):
        _check_promise(mission, wanted)
    _write(mission, mission.campaign, wanted)
    db.session.flush()
    _tell("mission.changed", mission, by, at, again=True)


def close(mission: Mission, *, by: User, at: datetime) -> None:
    """Nothing counts towards it from now on; what counted stays. Twice is once."""
    if mission.closed_at is not None:
        return
    _check_goes_on(mission.campaign, at)
    mission.closed_at = at
    db.session.flush()
    _tell("mission.closed", mission, by, at)


def remove(mission: Mission, *, by: User, at: datetime) -> None:
    """Take a mission away for which nobody has done anything; `InUse` for any other."""
    campaign = mission.campaign
    _check_goes_on(campaign, at)
    if is_used(mission):
        raise InUse(_("Fans have done something for this mission."), _("Close it instead; what they did stays."))
    _tell("mission.removed", mission, by, at)
    campaign.missions.remove(mission)
    db.session.delete(mission)
    db.session.flush()


def put_in_order(campaign: Campaign, order: Sequence[str], *, by: User, at: datetime) -> None:
    """The missions in the order of their public ids; any that are not named follow in the order they had."""
    wanted = {public_id: place for place, public_id in enumerate(order)}
    before = list(campaign.missions)
    after = sorted(before, key=lambda mission: (wanted.get(mission.public_id, len(wanted)), mission.position))
    if after == before:
        return
    beyond = (db.session.scalar(select(func.max(Mission.position)).where(Mission.campaign_id == campaign.id)) or 0) + 1
    for start in (beyond, 0):  # first out of each other's way: no two may have one place at any moment
        for place, mission in enumerate(after):
            mission.position = start + place
        db.session.flush()
    db.session.expire(campaign, ["missions"])
    events.track("mission.moved", key=f"mission.moved:{campaign.public_id}:{at.isoformat()}", at=at, actor_id=by.id,
                 subject=campaign, campaign_id=campaign.id, payload={"title": campaign.title})  # fmt: skip


def move(mission: Mission, by_places: int, *, by: User, at: datetime) -> None:
    """One up (-1) or down (+1); at the end of the list it stays where it is."""
    order = [one.public_id for one in mission.campaign.missions]
    here = order.index(mission.public_id)
    there = min(max(here + by_places, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    put_in_order(mission.campaign, order, by=by, at=at)


def is_used(mission: Mission) -> bool:
    """Whether fans have done something for it."""
    return any(used(mission) for used in slots.mission_uses)


def is_promised(mission: Mission, at: datetime) -> bool:
    """Whether what it asks for stands by now."""
    return mission.campaign.has_begun(at) or is_used(mission)


def _check_goes_on(campaign: Campaign, at: datetime) -> None:
    if campaign.is_over(at):
        raise CampaignOver(_("The campaign is over; its missions no longer change."))


def _check_promise(mission: Mission, wanted: WantedMission) -> None:
    kind = kinds.kind_of(mission)
    asked = wanted.evidence or kind.grades[0]
    are_same = kind.in_full(mission.settings) == kind.in_full(wanted.settings)
    stands = mission.needed == wanted.needed and mission.evidence is asked and are_same
    opens, closes = _window(mission.campaign, wanted)
    if not stands or opens != mission.opens_at:
        raise InUse(
            _("Fans have been promised this mission: what it asks for stays."), _("Close it and add another one.")
        )
    if (closes or mission.campaign.ends_at) < (mission.closes_at or mission.campaign.ends_at):
        raise InUse(_("It may close later than promised, not earlier."), _("To stop it now, close it."))


def _write(mission: Mission, campaign: Campaign, wanted: WantedMission) -> None:
    kind = kinds.kinds().get(wanted.kind)
    if kind is None:
        raise Invalid(_("There is no such kind of mission."))
    if not kinds.FEWEST <= wanted.needed <= kinds.MOST:
        raise Invalid(_("A mission asks for 1 to %(most)s times.", most=kinds.MOST))
    evidence = wanted.evidence or kind.grades[0]
    if evidence not in kind.grades:
        raise Invalid(_("This kind of mission cannot be proven so."))
    mission.title, mission.title_en = wanted.title.strip(), wanted.title_en.strip()
    mission.needed, mission.evidence, mission.settings = wanted.needed, evidence, dict(wanted.settings)
    mission.opens_at, mission.closes_at = _window(campaign, wanted)


def _window(campaign: Campaign, wanted: WantedMission) -> tuple[datetime | None, datetime | None]:
    """The mission's own time, which lies within the campaign's."""
    opens, closes = (zones.to_utc(one, campaign.zone) if one else None for one in (wanted.opens, wanted.closes))
    if (opens or campaign.starts_at) >= (closes or campaign.ends_at):
        raise Invalid(_("It must close after it opens."))
    if (opens and opens < campaign.starts_at) or (closes and closes > campaign.ends_at):
        raise Invalid(_("A mission opens and closes within its campaign."))
    return opens, closes


def _tell(kind: str, mission: Mission, by: User, at: datetime, *, again: bool = False) -> None:
    events.track(
        kind,
        key=f"{kind}:{mission.public_id}:{at.isoformat()}" if again else f"{kind}:{mission.public_id}",
        at=at,
        actor_id=by.id,
        subject=mission,
        campaign_id=mission.campaign_id,
        payload={"title": mission.title},
    )
