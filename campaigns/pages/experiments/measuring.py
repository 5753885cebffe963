"""What a test has found: a rate for each variant, the difference to the first, and whether that may be believed yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from campaigns.groupbuys.models import GroupBuy, Seat
from campaigns.intervals import Difference, Share
from campaigns.links.models import Hit, Link, Verdict
from campaigns.pages.experiments.models import Experiment, Goal, Variant, Visitor
from campaigns.pages.experiments.sizing import z_of
from campaigns.participation.models import Participant
from commons.db import db


@dataclass(frozen=True)
class Result:
    """One variant: how many people have seen it, the `share` of those who count that reached the goal (95 %), and how it
    differs from the first (None for the first itself). `waiting` of those who count may still reach it.
    """

    variant: Variant
    seen: int
    share: Share
    against: Difference | None
    waiting: int

    @property
    def is_full(self) -> bool:
        return self.share.trials >= self.variant.needed and not self.waiting


@dataclass(frozen=True)
class Outcome:
    """All variants. `is_decided` only once each has as many people as was fixed beforehand, and the time of the last is over."""

    results: Sequence[Result]

    @property
    def is_decided(self) -> bool:
        return all(result.is_full for result in self.results)

    @property
    def best(self) -> Variant | None:
        """The variant that won: better than all others beyond chance; None while undecided, or where none is."""
        if not self.is_decided:
            return None
        better = [one for one in self.results[1:] if one.against and one.against.low > 0]
        if len(better) == 1:
            return better[0].variant
        worse = [one for one in self.results[1:] if one.against and one.against.high < 0]
        return self.results[0].variant if len(worse) == len(self.results) - 1 else None

    @property
    def progress(self) -> float:
        """How much of what is needed is there, 0 to 1."""
        return min(min(one.share.trials / one.variant.needed, 1.0) for one in self.results)


def outcome(experiment: Experiment, at: datetime) -> Outcome:
    """Count a test. The result is taken from the first `needed` people of each variant and stays what it is, however long
    the test goes on: two queries.
    """
    seen = dict(
        db.session.execute(
            select(Visitor.variant_id, func.count())
            .where(Visitor.experiment_id == experiment.id)
            .group_by(Visitor.variant_id)
        ).all()
    )
    counted = _counted(experiment, at)
    z = z_of(len(experiment.variants) - 1)
    results: list[Result] = []
    for variant in experiment.variants:
        trials, hits, waiting = counted.get(variant.id, (0, 0, 0))
        against = None
        if results:
            first = results[0].share
            against = Difference(Share(hits, trials, z), Share(first.hits, first.trials, z))
        results.append(Result(variant, seen.get(variant.id, 0), Share(hits, trials), against, waiting))
    return Outcome(results)


def _counted(experiment: Experiment, at: datetime) -> dict[int, tuple[int, int, int]]:
    """Trials, successes and those whose time is not over, by variant, among the first that each needs."""
    place = func.row_number().over(partition_by=Visitor.variant_id, order_by=Visitor.id).label("place")
    numbered = select(Visitor, place).where(Visitor.experiment_id == experiment.id, _could_still(experiment)).subquery()
    visitor = aliased(Visitor, numbered)
    reached = _reached(experiment, visitor)
    waiting = and_(visitor.counts_until > at, ~reached)
    query = (
        select(
            visitor.variant_id,
            func.count(),
            func.coalesce(func.sum(case((reached, 1), else_=0)), 0),
            func.coalesce(func.sum(case((waiting, 1), else_=0)), 0),
        )
        .join(Variant, Variant.id == visitor.variant_id)
        .where(numbered.c.place <= Variant.needed)
        .group_by(visitor.variant_id)
    )
    return {variant: (trials, int(hits), int(late)) for variant, trials, hits, late in db.session.execute(query)}


def _could_still(experiment: Experiment) -> ColumnElement[bool]:
    """Leaves out who turned out to have joined before."""
    if experiment.goal is not Goal.JOINED:
        return Visitor.id.is_not(None)
    before = exists().where(
        Participant.campaign_id == experiment.campaign_id,
        Participant.member_id == Visitor.member_id,
        Participant.joined_at < Visitor.first_seen_at,
    )
    return ~before


def _reached(experiment: Experiment, visitor: type[Visitor]) -> ColumnElement[bool]:
    """Whether somebody did within the time what the test wants."""
    if experiment.goal is Goal.JOINED:
        return exists().where(
            Participant.campaign_id == experiment.campaign_id,
            Participant.member_id == visitor.member_id,
            Participant.joined_at >= visitor.first_seen_at,
            Participant.joined_at < visitor.counts_until,
        )
    if experiment.goal is Goal.ORDERED:
        return exists().where(
            Seat.member_id == visitor.member_id,
            Seat.group_buy_id.in_(select(GroupBuy.id).where(GroupBuy.campaign_id == experiment.campaign_id)),
            Seat.left_at.is_(None),
            Seat.joined_at >= visitor.first_seen_at,
            Seat.joined_at < visitor.counts_until,
        )
    return exists().where(
        Hit.visitor == visitor.hit_mark,
        Hit.link_id.in_(_links(experiment, visitor)),
        Hit.verdict == Verdict.HUMAN,
        Hit.occurred_at >= visitor.first_seen_at,
        Hit.occurred_at < visitor.counts_until,
    )


def _links(experiment: Experiment, visitor: type[Visitor]) -> Select[int]:
    """The links that a visit counts by: of the variant for a post, any of the campaign for a page."""
    if experiment.post_id is None:
        return select(Link.id).where(Link.campaign_id == experiment.campaign_id)
    own = select(Variant.link_id).where(Variant.id == visitor.variant_id).scalar_subquery()
    return select(Link.id).where(or_(Link.id == own, Link.origin_id == own))
