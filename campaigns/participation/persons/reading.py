"""Which accounts are one person's by a decision, and the groups of a campaign."""

from __future__ import annotations

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from campaigns.participation.persons.models import Decision, PersonAccount, PersonGroup
from campaigns.planning.models import Campaign
from commons.db import db


def same_person_ids(campaign_id: int, member_id: int) -> set[int]:
    """The other accounts of this member's person, as somebody decided for the campaign."""
    mine, others = aliased(PersonAccount), aliased(PersonAccount)
    query = (
        select(others.member_id)
        .join(PersonGroup, PersonGroup.id == others.group_id)
        .join(mine, mine.group_id == PersonGroup.id)
        .where(PersonGroup.campaign_id == campaign_id, PersonGroup.decision == Decision.SAME)
        .where(mine.member_id == member_id, others.member_id != member_id)
    )
    return set(db.session.scalars(query))


def groups(campaign: Campaign, *, decided: bool) -> Select[PersonGroup]:
    """Those that wait for somebody (also after “not sure”), or those that are decided, the newest first."""
    is_over = PersonGroup.decision.in_([Decision.SAME, Decision.DIFFERENT])
    waits = or_(PersonGroup.decision.is_(None), PersonGroup.decision == Decision.UNSURE)
    query = select(PersonGroup).where(PersonGroup.campaign_id == campaign.id, is_over if decided else waits)
    loaded = selectinload(PersonGroup.people).joinedload(PersonAccount.member)
    return query.options(loaded, joinedload(PersonGroup.decided_by)).order_by(PersonGroup.id.desc())
