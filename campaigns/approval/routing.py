"""Which route a delivery takes, and changing the routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.approval.models import LASTS_DAYS, REMIND_HOURS, TOLERANCE_MINUTES, ApprovalRoute
from campaigns.planning.models import Campaign
from campaigns.posts.models import BrandPost
from commons import events
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict
from commons.permissions import GRANTS, Permission, Role
from community.channels.models import ChannelAccount

MOST_STEPS = 3

# The real-time lane: any one who may approve, and everybody hears of it at once.
FAST_STEPS: Sequence[Mapping[str, Any]] = ({},)


@dataclass(frozen=True)
class Rules:
    """Where a route applies, and what it asks for."""

    campaign: Campaign | None
    account: ChannelAccount | None
    steps: Sequence[Mapping[str, Any]]
    tolerance_minutes: int = TOLERANCE_MINUTES
    lasts_days: int = LASTS_DAYS
    remind_hours: int = REMIND_HOURS

    @property
    def scope(self) -> str:
        return f"{self.campaign.id if self.campaign else 0}-{self.account.id if self.account else 0}"


def route_for(post: BrandPost, account: ChannelAccount) -> ApprovalRoute | None:
    """The most specific route: campaign and account, campaign, account, everything. None: nobody has to agree."""
    return most_specific(db.session.scalars(select(ApprovalRoute)), post.campaign_id, account.id)


def most_specific(routes: Iterable[ApprovalRoute], campaign_id: int | None, account_id: int) -> ApprovalRoute | None:
    """The one of these routes that a post of this campaign takes on this account."""
    fitting = [
        route for route in routes if route.campaign_id in {None, campaign_id} and route.account_id in {None, account_id}
    ]
    return max(fitting, key=_how_specific, default=None)


def routes() -> Sequence[ApprovalRoute]:
    """All of them, the most specific first."""
    return sorted(db.session.scalars(select(ApprovalRoute)), key=lambda route: (-_how_specific(route), route.id))


def set_route(route: ApprovalRoute | None, rules: Rules, *, by: User, at: datetime) -> ApprovalRoute:
    """Make a route, or change one. It holds for what is planned, moved or changed from now on, and reaches what was planned
    before by `reaching.ask_all` only. Raises `Conflict`.
    """
    taken = db.session.scalar(select(ApprovalRoute).where(ApprovalRoute.scope == rules.scope))
    if taken is not None and taken is not route:
        raise Conflict(_("There is a route for this already."), _("Change that one."))
    if route is None:
        route = ApprovalRoute()
        db.session.add(route)
    route.scope, route.campaign, route.account = rules.scope, rules.campaign, rules.account
    route.steps = [dict(step) for step in rules.steps[:MOST_STEPS]]
    route.tolerance_minutes, route.lasts_days = rules.tolerance_minutes, rules.lasts_days
    route.remind_hours, route.changed_at, route.changed_by = rules.remind_hours, at, by
    db.session.flush()
    tell("approval.route_set", route, by, at)
    return route


def remove_route(route: ApprovalRoute, *, by: User, at: datetime) -> None:
    """What was asked already goes on as it was asked."""
    tell("approval.route_removed", route, by, at)
    db.session.delete(route)
    db.session.flush()


def approving_roles() -> list[Role]:
    """The roles that may approve."""
    return [role for role in Role if Permission.POST_APPROVE in GRANTS[role]]


def approvers() -> Sequence[User]:
    """Everybody who may approve, by name."""
    query = select(User).where(User.role.in_(approving_roles()), User.ended_at.is_(None), User.erased_at.is_(None))
    return db.session.scalars(query.where(User.confirmed_at.is_not(None)).order_by(User.name, User.id)).all()


def scope_words(route: ApprovalRoute) -> str:
    """For what it is, in words."""
    if route.campaign is not None and route.account is not None:
        return f"{route.campaign.title} · {route.account.name}"
    if route.campaign is not None:
        return route.campaign.title
    return route.account.name if route.account is not None else str(_("Everything"))


def tell(kind: str, route: ApprovalRoute, by: User, at: datetime, **more: Any) -> None:
    """Write the fact down."""
    payload = {"scope": scope_words(route), "steps": len(route.steps), **more}
    key = f"{kind}:{route.public_id}:{at.timestamp():.6f}"
    events.track(kind, key=key, at=at, actor_id=by.id, subject=route, campaign_id=route.campaign_id, payload=payload)


def _how_specific(route: ApprovalRoute) -> int:
    return 2 * (route.campaign_id is not None) + (route.account_id is not None)
