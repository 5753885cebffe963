"""What went wrong in a campaign: holds, posts that did not go out, links that led nowhere, group buys that failed, tasks
that were late, risks that came true, suspicions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, or_, select

from campaigns.control import slots
from campaigns.control.slots import Trouble
from campaigns.groupbuys.models import GroupBuy, GroupBuyState
from campaigns.links.models import Link
from campaigns.participation.models import Participant
from campaigns.planning.models import Campaign, Risk, RiskState, Task
from campaigns.posts.models import BrandPost
from campaigns.publishing.holding import Hold, Scope
from campaigns.publishing.models import Delivery, DeliveryState
from commons.accounts.models import User
from commons.db import db
from community.loyalty.watching.models import SuspectMember, Suspicion

LOST = (DeliveryState.MISSED, DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.PARTIAL)


def troubles(campaign: Campaign, user: User, at: datetime) -> list[Trouble]:
    """Each with its number, those that did not happen left out."""
    found = list(_own(campaign, at))
    for bring in slots.troubles:
        found += bring(campaign, user, at)
    return [trouble for trouble in found if trouble.number]


def _own(campaign: Campaign, at: datetime) -> Iterator[Trouble]:
    ends = campaign.cancelled_at or campaign.ends_at
    over_it = or_(Hold.campaign_id == campaign.id, Hold.scope == Scope.EVERYTHING)
    meanwhile = (Hold.began_at < ends, or_(Hold.released_at.is_(None), Hold.released_at > campaign.starts_at))
    yield Trouble(
        _l("Holds while it ran"), _count(select(Hold.id).where(over_it, *meanwhile)), url_for("publishing.holds")
    )
    posts = select(Delivery.id).join(BrandPost).where(BrandPost.campaign_id == campaign.id, Delivery.state.in_(LOST))
    yield Trouble(
        _l("Posts that did not go out as planned"), _count(posts), url_for("posts.index", campaign=campaign.public_id)
    )
    links = select(Link.id).where(Link.campaign_id == campaign.id, Link.dead_since.is_not(None))
    yield Trouble(_l("Links whose page does not answer"), _count(links), url_for("links.index", owner="dead"))
    void = select(GroupBuy.id).where(GroupBuy.campaign_id == campaign.id, GroupBuy.state == GroupBuyState.VOID)
    yield Trouble(_l("Group buys that were not reached"), _count(void), url_for("groupbuys.index"))
    late = or_(Task.done_at > Task.due_at, and_(Task.done_at.is_(None), Task.due_at <= at))
    tasks = select(Task.id).where(Task.campaign_id == campaign.id, late)
    yield Trouble(
        _l("Tasks that were done late, or not yet"),
        _count(tasks),
        url_for("planning.section", public_id=campaign.public_id, name="tasks"),
    )
    risks = select(Risk.id).where(Risk.campaign_id == campaign.id, Risk.state == RiskState.OCCURRED)
    yield Trouble(
        _l("Risks that came true"),
        _count(risks),
        url_for("planning.section", public_id=campaign.public_id, name="risks"),
    )
    suspicions = (
        select(Suspicion.id)
        .distinct()
        .join(SuspectMember, SuspectMember.suspicion_id == Suspicion.id)
        .join(Participant, Participant.member_id == SuspectMember.member_id)
        .where(Participant.campaign_id == campaign.id, Suspicion.found_at >= campaign.starts_at)
    )
    yield Trouble(_l("Suspicions about people who took part"), _count(suspicions), url_for("suspicions.index"))


def _count(query: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
