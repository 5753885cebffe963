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

    The same person: the account that took part first counts, each other is kept out with a reason and may appeal, and shares
    that they opened for each other count no more. Whoever was kept out counts again when it turns out otherwise.
    """
    if not by.can(Permission.CAMPAIGN_WRITE):
        raise NotAllowed(_("Only who runs campaigns decides this."))
    if decision is Decision.SAME and not reason.strip():
        raise Invalid(_("Say in a sentence what convinced you."))
    db.session.refresh(group, with_for_update=True)
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
    """The account that took part first."""
    ids = [one.member_id for one in group.people]
    query = select(Participant.member_id).where(
        Participant.campaign_id == group.campaign_id, Participant.member_id.in_(ids)
    )
    return db.session.scalars(query.order_by(Participant.joined_at, Participant.id)).first() or ids[0]


def _count_once(group: PersonGroup, by: User, at: datetime) -> None:
    sentence = " / ".join(in_both_languages(lambda: SENTENCE).values())
    for one in group.people:
        if one.member_id != group.counts_id:
            excluding.exclude(group.campaign, one.member, Code.SECOND_ACCOUNT, sentence, by=by, at=at)
    ids = {one.member_id for one in group.people}
    for one in group.people:
        opened = _opened_for(group, one.member_id, ids - {one.member_id})
        following.uncount(group.campaign, one.member_id, opened, at, f"person:{group.public_id}")


def _count_again(group: PersonGroup, by: User, at: datetime) -> None:
    for one in group.people:
        exclusion = excluding.standing(group.campaign, one.member)
        if exclusion is not None and exclusion.code is Code.SECOND_ACCOUNT:
            excluding.lift(exclusion, by=by, at=at)


def _opened_for(group: PersonGroup, member_id: int, others: set[int]) -> list[int]:
    """The facts that count for the member and behind which another of the accounts stands."""
    query = select(Event).join(MissionFact, MissionFact.event_id == Event.id).join(Mission)
    mine = (Mission.campaign_id == group.campaign_id, MissionFact.member_id == member_id)
    facts = db.session.scalars(query.where(*mine, MissionFact.taken_back_at.is_(None))).all()
    return [fact.id for fact in facts if fact.payload.get("by_member_id") in others]


def _tell(group: PersonGroup, by: User, at: datetime) -> None:
    counts = db.session.get(Member, group.counts_id) if group.counts_id else None
    events.track(
        "campaign.accounts_decided",
        key=f"campaign.accounts_decided:{group.public_id}:{at.isoformat()}",
        at=at,
        actor_id=by.id,
        subject=group,
        campaign_id=group.campaign_id,
        payload={
            "title": group.campaign.title,
            "decision": group.decision.value if group.decision else "",
            "accounts": len(group.people),
            "counts": counts.public_id if counts else None,
        },
    )
