"""What goals can be set for: a registry of measures, each counted from facts. Rooms bring theirs through `slots.measures`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from campaigns.planning import slots
from campaigns.planning.models import Campaign
from campaigns.planning.slots import Measure
from commons.db import db
from commons.events import Event


@dataclass(frozen=True)
class Facts:
    """Counts the facts of `kinds` that name a campaign within its period, without those that were taken back later: by a fact of
    `undone_by`, of the same member about the same thing.

    `each` is a column of which every value counts once; without it every fact counts. `of_members`: only what fans did.
    """

    kinds: tuple[str, ...]
    undone_by: tuple[str, ...] = ()
    each: Any = None
    of_members: bool = True

    def __call__(self, campaign: Campaign, at: datetime) -> int:
        """How many there are, counted fact by fact. What is looked at often is kept (slot `kept`)."""
        return db.session.scalar(select(func.count()).select_from(self.ids(campaign, at).subquery())) or 0

    def ids(self, campaign: Campaign, at: datetime) -> Select[int]:
        """The facts that count, by id; of those with the same `each` the one that was recorded first."""
        first, last = period(campaign, at)
        query = select(Event.id).where(Event.campaign_id == campaign.id, *self.like())
        query = query.where(Event.occurred_at >= first, Event.occurred_at <= last)
        if self.undone_by:
            query = query.where(~self.undone(at))
        if self.each is not None:
            return query.where(self.each.is_not(None)).with_only_columns(func.min(Event.id)).group_by(self.each)
        return query

    def like(self) -> tuple[ColumnElement[bool], ...]:
        """What holds for every fact that counts, of whichever campaign."""
        return (Event.kind.in_(self.kinds), *((Event.member_id.is_not(None),) if self.of_members else ()))

    def undone(self, at: datetime, before: int | None = None) -> ColumnElement[bool]:
        """Whether a fact was taken back by one that happened up to `at`; `before`: by one with a lower id than this."""
        later = aliased(Event)
        same = and_(
            later.member_id == Event.member_id,
            later.kind.in_(self.undone_by),
            later.subject_type == Event.subject_type,
            later.subject_id == Event.subject_id,
            later.id > Event.id,
            later.occurred_at <= at,
            *((later.id < before,) if before is not None else ()),
        )
        return exists().where(same).correlate(Event)


def period(campaign: Campaign, at: datetime) -> tuple[datetime, datetime]:
    """When facts of a campaign count up to a moment: from its teaser, if it has one, to its end."""
    first = min(campaign.starts_at, campaign.teaser.starts_at) if campaign.teaser else campaign.starts_at
    return first, min(at, campaign.ends_at, campaign.cancelled_at or campaign.ends_at)


def known() -> dict[str, Measure]:
    """Every measure by its name, in the order in which rooms brought them."""
    return {measure.name: measure for bring in slots.measures for measure in bring()}


def by_facts() -> dict[str, Facts]:
    """Those that are counted by facts which name the campaign, by the name of the measure."""
    return {name: measure.count for name, measure in known().items() if isinstance(measure.count, Facts)}


def own() -> Sequence[Measure]:
    """Those that can be counted from facts which name a campaign, whichever room tells them."""
    return (
        Measure(
            "comments",
            _l("Comments"),
            _l("Comments of fans under posts of the campaign, less those that were withdrawn"),
            Facts(("interaction.comment",), undone_by=("interaction.withdrawn",)),
        ),
        Measure(
            "opened_shares",
            _l("Shares that were opened"),
            _l("Personal links of fans to posts of the campaign by which at least one person came"),
            Facts(("link.visited",), each=Event.subject_id),
        ),
        Measure(
            "new_members",
            _l("New fans"),
            _l("People who came by a link of the campaign and confirmed their account"),
            Facts(("member.came_by_link",), each=Event.member_id),
        ),
        Measure(
            "orders",
            _l("Orders"),
            _l("Orders that were reported for links of the campaign"),
            Facts(("link.ordered",), of_members=False),
        ),
        Measure(
            "seats",
            _l("Seats in group buys"),
            _l("Fans who joined group buys of the campaign, less those who left"),
            Facts(("group_buy.joined",), undone_by=("group_buy.left",)),
        ),
        Measure(
            "posts",
            _l("Posts published"),
            _l("Posts of the campaign that went out, each channel for itself, the teaser's too"),
            Facts(("post.published",), of_members=False),
        ),
    )
