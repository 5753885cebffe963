"""What somebody decides about a group of accounts: the same person counts once, different people all count."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from campaigns.participation import following
from campaigns.participation.exclusions import excluding
from campaigns.participation.exclusions.models import Code
from campaigns.participation.models import MissionFact, Participant
from campaigns.participation.persons.models import Decision, PersonGroup
from campaigns.planning.models import Mission
from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid, NotAllowed
from commons.events import Event
from commons.i18n import in_both_languages
from commons.permissions import Permission
from community.members.models import Member

SENTENCE = _l("Another account of the same person takes part already; a person counts once.")


def decide(group: PersonGroup, decision: Decision, reason: str, *, by: User, at: datetime) -> None:
    """Decide about the group, or decide anew. Twice the same is once.

    The same person: the account that took part first counts, each other is kept out with a reason and may appeal, and what
    they did for each other (a link opened, an invitation) counts no more. All of it counts again when it turns out otherwise.
    """
    if not by.can(Permission.CAMPAIGN_WRITE):
        raise NotAllowed(_("Only who runs campaigns decides this."))
    if decision is Decision.SAME and not reason.strip():
        raise Invalid(_("Say in a sentence what convinced you."))
    db.session.refresh(group, with_for_update={"of": PersonGroup})  # and not who decided before
    if group.decision is decision:
        return
    before, first = group.decision, _first(group)
    group.counts_id = first if decision is Decision.SAME else None
    group.decision, group.reason, group.decided_at, group.decided_by_id = decision, reason.strip()[:300], at, by.id
    db.session.flush()
    if decision is Decision.SAME:
        _count_once(group, by, at)
    elif before is Decision.SAME:
        _count_again(group, by, at)
    _tell(group, by, at)


def _first(group: PersonGroup) -> int:
    """The account that took part first, of those that there still are."""
    ids = [one.member_id for one in group.people]
    query = select(Participant.member_id).join(Member, Member.id == Participant.member_id)
    query = query.where(Participant.campaign_id == group.campaign_id, Participant.member_id.in_(ids), Member.counts())
    return db.session.scalars(query.order_by(Participant.joined_at, Participant.id)).first() or ids[0]


def _count_once(group: PersonGroup, by: User, at: datetime) -> None:
    sentence = " / ".join(in_both_languages(lambda: SENTENCE).values())
    for one in group.people:
        if one.member_id != group.counts_id:
            excluding.exclude(group.campaign, one.member, Code.SECOND_ACCOUNT, sentence, by=by, at=at)
    for member_id, event_ids in _for_each_other(group):
        following.uncount(group.campaign, member_id, event_ids, at, _occasion(group, at))


def _count_again(group: PersonGroup, by: User, at: datetime) -> None:
    for one in group.people:
        exclusion = excluding.standing(group.campaign, one.member)
        if exclusion is not None and exclusion.code is Code.SECOND_ACCOUNT:
            excluding.lift(exclusion, by=by, at=at)
    for member_id, event_ids in _for_each_other(group):
        following.count_again(group.campaign, member_id, event_ids, at, _occasion(group, at))


def _for_each_other(group: PersonGroup) -> list[tuple[int, set[int]]]:
    """For each account the facts behind which another of the accounts stands, also those that were taken back."""
    ids = {one.member_id for one in group.people}
    query = select(MissionFact.member_id, Event.id, Event.payload).join(Event, Event.id == MissionFact.event_id)
    query = query.join(Mission, Mission.id == MissionFact.mission_id)
    query = query.where(Mission.campaign_id == group.campaign_id, MissionFact.member_id.in_(ids))
    found: dict[int, set[int]] = {}
    for member_id, event_id, payload in db.session.execute(query):
        if payload.get("by_member_id") in ids - {member_id}:
            found.setdefault(member_id, set()).add(event_id)
    return sorted(found.items())


def _occasion(group: PersonGroup, at: datetime) -> str:
    return f"person:{group.public_id}:{at.isoformat()}"


def _tell(group: PersonGroup, by: User, at: datetime) -> None:
    counts = db.session.get(Member, group.counts_id) if group.counts_id else None
    assert group.decision is not None
    kind = f"campaign.accounts_{group.decision.value}"
    events.track(
        kind,
        key=f"{kind}:{group.public_id}:{at.isoformat()}",
        at=at,
        actor_id=by.id,
        subject=group,
        campaign_id=group.campaign_id,
        payload={
            "title": group.campaign.title,
            "accounts": len(group.people),
            "reason": group.reason,
            "counts": counts.public_id if counts else None,
        },
    )
