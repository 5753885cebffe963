"""Finding campaigns: lists, choices for forms, and where each stands in its period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from campaigns.planning import measures, pacing, slots
from campaigns.planning.addressing import is_addressed
from campaigns.planning.models import Campaign, Goal, Phase
from campaigns.planning.pacing import Pace
from campaigns.planning.slots import Measure
from campaigns.planning.wording import state_of
from commons.accounts.models import User
from commons.db import db
from commons.money import Money
from commons.permissions import Role


def campaign_choices(user: User, at: datetime, chosen: Campaign | None = None) -> dict[str, str]:
    """Title by public id of campaigns that are not over, and of the one `chosen` before; the first choice is none."""
    open_now = and_(Campaign.ends_at > at, Campaign.cancelled_at.is_(None))
    if chosen is not None:
        open_now = or_(open_now, Campaign.id == chosen.id)
    campaigns = db.session.scalars(Campaign.visible_to(user, at).where(open_now).order_by(Campaign.starts_at)).all()
    return {"": str(_("No campaign"))} | {campaign.public_id: campaign.title for campaign in campaigns}


def listed_in(part: str, user: User, at: datetime) -> Select[Campaign]:
    """The campaigns of one part of the list, in its order: `open` (those that run or are to come), `drafts`, or `past`."""
    over = or_(Campaign.cancelled_at.is_not(None), and_(Campaign.launched_at.is_not(None), Campaign.ends_at <= at))
    draft = and_(Campaign.launched_at.is_(None), Campaign.cancelled_at.is_(None))
    query = Campaign.visible_to(user, at).options(
        selectinload(Campaign.missions), selectinload(Campaign.goals), joinedload(Campaign.lead)
    )
    if part == "past":
        return query.where(over).order_by(Campaign.ends_at.desc(), Campaign.id.desc())
    if part == "drafts":
        return query.where(draft).order_by(Campaign.created_at.desc(), Campaign.id.desc())
    return query.where(~over, ~draft).order_by(Campaign.ends_at, Campaign.id)


def drafts(user: User, at: datetime) -> int:
    """How many drafts wait to be launched."""
    draft = (Campaign.launched_at.is_(None), Campaign.cancelled_at.is_(None))
    mine = Campaign.visible_to(user, at).where(*draft).subquery()
    return db.session.scalar(select(func.count()).select_from(mine)) or 0


def team(also: User | None = None) -> Sequence[User]:
    """Everybody of the team who can own a part of a plan, by name; and who owns it now."""
    staff = and_(
        User.role.in_([role for role in Role if role.is_staff]), User.ended_at.is_(None), User.erased_at.is_(None)
    )
    if also is not None:
        staff = or_(staff, User.id == also.id)
    return db.session.scalars(select(User).where(staff).order_by(User.name, User.id)).all()


def running(at: datetime, to: int | None = None) -> Sequence[Campaign]:
    """The campaigns that run at this moment, the one that ends first in front; only those that address the member `to`."""
    query = select(Campaign).where(is_running(at), is_addressed(to))
    return db.session.scalars(query.order_by(Campaign.ends_at)).all()


def heard_of(at: datetime, to: int | None = None) -> tuple[Sequence[Campaign], Sequence[Campaign]]:
    """The campaigns that run, as `running`, and those in their teaser, of which fans are told that they come, the next one first."""
    to_come = (Campaign.launched_at.is_not(None), Campaign.cancelled_at.is_(None), Campaign.starts_at > at)
    in_teaser = Campaign.phases.any(and_(Phase.is_teaser, Phase.starts_at <= at))
    query = select(Campaign).where(or_(is_running(at), and_(*to_come, in_teaser)), is_addressed(to))
    found = db.session.scalars(query.order_by(Campaign.ends_at)).all()
    announced = [campaign for campaign in found if campaign.starts_at > at]
    return [one for one in found if one not in announced], sorted(announced, key=lambda one: one.starts_at)


def is_running(at: datetime) -> ColumnElement[bool]:
    """Whether a campaign runs at this moment."""
    return and_(
        Campaign.launched_at.is_not(None),
        Campaign.starts_at <= at,
        Campaign.ends_at > at,
        Campaign.cancelled_at.is_(None),
    )


def paces(campaign: Campaign, at: datetime) -> list[tuple[Goal, Measure | None, Pace]]:
    """Each goal with its measure and how far it is; None for a measure whose room is gone."""
    known, time = measures.known(), pacing.share_of_time(campaign.starts_at, campaign.ends_at, at)
    time = time if campaign.launched_at is not None else 0.0
    kept = {goal_id: number for read in slots.kept for goal_id, number in read(campaign, at).items()}
    found = [(goal, known.get(goal.measure)) for goal in campaign.goals]
    return [(goal, measure, Pace(_actual(goal, measure, kept, at), goal.target, time)) for goal, measure in found]


def _actual(goal: Goal, measure: Measure | None, kept: Mapping[int, int], at: datetime) -> int:
    """How much of a goal is there. It is counted only where nothing is kept, or not yet."""
    if measure is None:
        return 0
    return kept[goal.id] if goal.id in kept else measure.count(goal.campaign, at)


def budget_of(campaign: Campaign) -> tuple[Money, Money]:
    """What is planned and what is spent in all."""
    planned, spent = (sum(getattr(line, name) for line in campaign.budget) for name in ("planned_minor", "spent_minor"))
    return Money(planned, campaign.currency), Money(spent, campaign.currency)


def listed(user: User, at: datetime) -> Sequence[Campaign]:
    """All that the person may see: running ones first, then those to come, drafts, then the past, each by date."""
    query = Campaign.visible_to(user, at).options(selectinload(Campaign.missions), joinedload(Campaign.lead))
    campaigns = db.session.scalars(query.order_by(Campaign.starts_at.desc())).all()
    order = {"under_way": 0, "planned": 1, "draft": 2, "ended": 3, "cancelled": 4}
    return sorted(campaigns, key=lambda campaign: order[state_of(campaign, at)])
