"""Handing a work in, and what follows from what people decide about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from campaigns.participation import barring
from campaigns.participation.entries.models import MissionEntry
from campaigns.planning.models import Mission
from commons import events
from commons.db import db
from commons.errors import Conflict, Invalid
from commons.events import Event, Evidence
from commons.media.models import Picture
from community.members.models import Member
from community.reviews import submitting
from community.reviews.models import Kind, State, Submission
from community.reviews.submitting import Draft

ACCEPTED, TAKEN_BACK = "mission.work_accepted", "mission.work_taken_back"
OVER = (State.REFUSED, State.REMOVED, State.WITHDRAWN)


class EnoughEntries(Conflict):
    """The fan has handed in as many works as the mission takes."""


def hand_in(
    mission: Mission, member: Member, text: str, pictures: Sequence[tuple[Picture, str]], *, key: str, at: datetime
) -> MissionEntry:
    """Hand a work in; a person looks at it before it stands and counts. `key` names one filled-in form: twice is once.

    `Invalid` without the picture that the mission asks for, `EnoughEntries`, and whatever `barring.check` and
    `submitting.submit` refuse.
    """
    _hold(member)
    known = _by_key(member, key)
    if known is not None:
        return known
    barring.check(mission, member, at)
    if mission.settings.get("picture") and not pictures:
        raise Invalid(_("This mission asks for a picture."))
    if handed_in(mission, member) >= most(mission):
        raise EnoughEntries(_("You have handed in as many works as this mission takes."))
    entry = MissionEntry(mission_id=mission.id, member_id=member.id, handed_in_at=at)
    db.session.add(entry)
    db.session.flush()
    kind = Kind.PICTURES if pictures else Kind.POST
    draft = Draft(kind, text, pictures, subject=entry, looked_at_first=True)
    submitting.submit(member, draft, key=key, at=at)
    db.session.refresh(entry)
    return entry


def most(mission: Mission) -> int:
    """How many works one fan may hand in."""
    return max(mission.needed, int(mission.settings.get("most") or 1))


def handed_in(mission: Mission, member: Member) -> int:
    """How many works of the fan wait or stand."""
    query = select(func.count()).select_from(MissionEntry).join(MissionEntry.submission)
    mine = (MissionEntry.mission_id == mission.id, MissionEntry.member_id == member.id)
    return db.session.scalar(query.where(*mine, Submission.state.not_in(OVER))) or 0


def follow(submission: Submission, at: datetime) -> None:
    """What was decided has changed: an accepted work is a fact, one that stands no more takes it back. Twice is once."""
    if submission.subject_type != MissionEntry.__tablename__ or submission.subject_id is None:
        return
    entry = db.session.get(MissionEntry, submission.subject_id)
    if entry is None:
        return
    accepted = _standing(entry)
    if submission.state is State.PUBLISHED and accepted is None:
        _tell(ACCEPTED, entry, at, {})
    elif submission.state is not State.PUBLISHED and accepted is not None:
        entry.featured_at = entry.featured_by_id = None
        _tell(TAKEN_BACK, entry, at, {"accepted_event_id": accepted.id})


def _standing(entry: MissionEntry) -> Event | None:
    """The fact that the work was accepted, unless it was taken back."""
    about = events.of_subject(entry)
    gone = {fact.payload.get("accepted_event_id") for fact in about if fact.kind == TAKEN_BACK}
    standing = [fact for fact in about if fact.kind == ACCEPTED and fact.id not in gone]
    return standing[-1] if standing else None


def _tell(kind: str, entry: MissionEntry, at: datetime, more: dict[str, object]) -> None:
    number = sum(fact.kind == kind for fact in events.of_subject(entry))
    events.track(
        kind,
        key=f"{kind}:{entry.public_id}:{number}",
        at=_within(entry, at),
        member_id=entry.member_id,
        subject=entry,
        campaign_id=entry.mission.campaign_id,
        evidence=Evidence.STAFF,
        payload={"title": entry.mission.title, **more},
    )


def _within(entry: MissionEntry, at: datetime) -> datetime:
    """A work that was handed in in time counts, however long people take to look at it."""
    return at if entry.mission.is_open(at) else entry.handed_in_at


def _hold(member: Member) -> None:
    """Until the commit: of two works at once the second sees the first, so none is one too many or handed in twice."""
    db.session.execute(select(Member.id).where(Member.id == member.id).with_for_update(key_share=True))


def _by_key(member: Member, key: str) -> MissionEntry | None:
    kept = f"{member.public_id}:{key}"[:80]
    query = select(MissionEntry).join(MissionEntry.submission).where(Submission.key == kept)
    return db.session.scalars(query).one_or_none()
