"""Entries read back: the lead's list, the fan's own, and those that are recommended in the campaign's gallery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from campaigns.participation.entries.models import MissionEntry
from campaigns.planning.models import Campaign, Mission
from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict
from commons.events import Evidence
from commons.paging import Page, page_of
from community.members.models import Member
from community.notices.telling import tell
from community.reviews.models import Decision, State, Submission

PAGE = 30
IN_GALLERY = 60


@dataclass(frozen=True)
class Filter:
    """What the list shows: `state` as of its submission, or `featured`; one mission; words of the work or of its author."""

    state: str = ""
    mission: str = ""
    words: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Filter:
        state = args.get("state", "")
        known = state if state in {*State, "featured"} else ""
        return cls(known, args.get("mission", "")[:12], args.get("words", "").replace("\x00", "").strip()[:60])


def feature(entry: MissionEntry, *, by: User, at: datetime) -> None:
    """Recommend an accepted work in the gallery; its author is told. Twice is once."""
    if entry.submission.state is not State.PUBLISHED:
        raise Conflict(_("Only what is accepted can be featured."))
    if entry.featured_at is not None:
        return
    entry.featured_at, entry.featured_by_id = at, by.id
    db.session.flush()
    _note("feature.set", entry, by, at)
    tell(entry.member_id, "review.featured", key=f"review.featured:entry:{entry.public_id}", at=at,
         url=f"/participation/{entry.mission.campaign.public_id}/gallery")  # fmt: skip


def unfeature(entry: MissionEntry, *, by: User, at: datetime) -> None:
    """Take it out of the gallery; it stays accepted. Twice is once."""
    if entry.featured_at is None:
        return
    entry.featured_at = entry.featured_by_id = None
    db.session.flush()
    _note("feature.ended", entry, by, at)


def featured(campaign: Campaign, limit: int = IN_GALLERY) -> Sequence[MissionEntry]:
    """The recommended works of a campaign that stand, the latest first."""
    query = _of_campaign(campaign).where(MissionEntry.featured_at.is_not(None), Submission.state == State.PUBLISHED)
    return db.session.scalars(query.order_by(MissionEntry.featured_at.desc()).limit(limit)).unique().all()


def page(campaign: Campaign, chosen: Filter, number: int) -> Page[MissionEntry]:
    """One page of all that was handed in, the newest first."""
    return page_of(_chosen(campaign, chosen).order_by(MissionEntry.id.desc()), number, PAGE)


def counts(campaign: Campaign) -> dict[str, int]:
    """How many entries stand how; `featured` among them."""
    of_campaign = select(Submission.state, func.count(), func.count(MissionEntry.featured_at))
    query = of_campaign.select_from(MissionEntry).join(MissionEntry.submission).join(MissionEntry.mission)
    rows = db.session.execute(query.where(Mission.campaign_id == campaign.id).group_by(Submission.state)).all()
    found = {state.value: number for state, number, _featured in rows}
    return found | {"featured": sum(one for state, _number, one in rows if state is State.PUBLISHED)}


def rows(campaign: Campaign, chosen: Filter) -> Iterator[Sequence[object]]:
    """The list as a table file, the heading first; times in UTC."""
    yield (
        "entry",
        "fan",
        "name",
        "mission",
        "handed_in_at",
        "state",
        "clause",
        "reason",
        "featured_at",
        "text",
        "pictures",
    )
    query = _chosen(campaign, chosen).options(selectinload(MissionEntry.submission, Submission.decisions))
    for one in db.session.scalars(query.order_by(MissionEntry.id)).unique():
        ruling = against(one)
        yield (
            one.public_id, one.member.public_id, one.member.name, one.mission.title, one.handed_in_at.isoformat(),
            one.submission.state.value, ruling.clause.number if ruling and ruling.clause else "",
            ruling.reason if ruling else "", one.featured_at.isoformat() if one.featured_at else "", one.submission.text,
            len(one.submission.pictures),
        )  # fmt: skip


def of_fan(mission: Mission, member: Member) -> Sequence[MissionEntry]:
    """What the fan has handed in for the mission, the newest first."""
    query = select(MissionEntry).join(MissionEntry.submission).options(contains_eager(MissionEntry.submission))
    mine = query.where(MissionEntry.mission_id == mission.id, MissionEntry.member_id == member.id)
    return db.session.scalars(mine.order_by(MissionEntry.id.desc()).limit(IN_GALLERY)).unique().all()


def against(entry: MissionEntry) -> Decision | None:
    """The decision by which the work does not stand, if one does."""
    if entry.submission.state not in {State.REFUSED, State.REMOVED}:
        return None
    decided = [one for one in entry.submission.decisions if one.stands and one.clause is not None]
    return decided[-1] if decided else None


def told(entry: MissionEntry) -> Decision | None:
    """The decision against the work, once its author has been told."""
    found = against(entry)
    return found if found is not None and found.told_at is not None else None


def _chosen(campaign: Campaign, chosen: Filter) -> Select[MissionEntry]:
    query = _of_campaign(campaign)
    if chosen.state == "featured":
        query = query.where(MissionEntry.featured_at.is_not(None), Submission.state == State.PUBLISHED)
    elif chosen.state:
        query = query.where(Submission.state == State(chosen.state))
    if chosen.mission:
        query = query.where(Mission.public_id == chosen.mission)
    if chosen.words:
        in_name = Member.name.icontains(chosen.words, autoescape=True)
        query = query.where(in_name | Submission.text.icontains(chosen.words, autoescape=True))
    return query


def _of_campaign(campaign: Campaign) -> Select[MissionEntry]:
    query = select(MissionEntry).join(MissionEntry.submission).join(MissionEntry.mission).join(MissionEntry.member)
    loaded = (
        contains_eager(MissionEntry.submission),
        contains_eager(MissionEntry.mission),
        joinedload(MissionEntry.member),
    )
    return query.where(Mission.campaign_id == campaign.id).options(*loaded)


def _note(kind: str, entry: MissionEntry, by: User, at: datetime) -> None:
    events.track(
        kind,
        key=f"{kind}:entry:{entry.public_id}:{at.isoformat()}",
        at=at,
        member_id=entry.member_id,
        actor_id=by.id,
        subject=entry,
        campaign_id=entry.mission.campaign_id,
        evidence=Evidence.STAFF,
        payload={"place": "gallery", "note": entry.mission.title},
    )
