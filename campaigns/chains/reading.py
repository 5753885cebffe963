"""Chains for the pages: the forest of a scope, its people by name, and how many each cohort brought."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, func, select

from campaigns.chains import cohorts, forest
from campaigns.chains.cohorts import Cohort
from campaigns.chains.forest import Bridge, Chain, Forest
from campaigns.chains.models import CIRCLE, Bringing, Way, scope_of
from campaigns.participation.models import Participant
from campaigns.planning.models import Campaign
from commons import bulk
from commons.db import db
from commons.events import Event
from community.inbox.figure import Figure, picture
from community.inbox.spread import ORIGINAL, Tree, grow
from community.members.models import Member
from community.seed_users.cohorts import periods
from community.seed_users.models import Unit

PAGE = 50
OUTCOMES = ("campaign.joined", "group_buy.joined", "link.ordered")
"""What people of a chain went on to do, as facts: taking part, joining a group buy, an order through their own link."""


@dataclass(frozen=True)
class Level:
    """Those who came through somebody, so many steps away, and what they went on to do, by kind of fact."""

    depth: int
    people: int
    outcomes: Mapping[str, int]


@dataclass(frozen=True)
class Below:
    """Everybody who came through one member. Node n of the picture is `people[n - 1]`."""

    people: Sequence[int]
    depths: Sequence[int]
    levels: Sequence[Level]
    figure: Figure | None


def measured(scope: str) -> Forest:
    """The chains of a scope. In a campaign those who were brought count once they take part."""
    query = select(Bringing.member_id, Bringing.by_member_id).where(Bringing.scope == scope).order_by(Bringing.id)
    if scope != CIRCLE:
        taking_part = (Participant.campaign_id == Bringing.campaign_id) & (Participant.member_id == Bringing.member_id)
        query = query.join(Participant, taking_part)
    return forest.plant([(member_id, bringer_id) for member_id, bringer_id in db.session.execute(query)])


def scopes() -> Sequence[Campaign]:
    """The campaigns that have chains of their own, the newest first."""
    query = select(Campaign).where(Campaign.id.in_(select(Bringing.campaign_id).distinct()))
    return db.session.scalars(query.order_by(Campaign.starts_at.desc(), Campaign.id.desc())).all()


def chains(found: Forest, number: int) -> list[tuple[Chain, Member]]:
    """One page of the chains with the person at the top of each, the largest first."""
    shown = found.chains[(number - 1) * PAGE : number * PAGE]
    known = members([found.people[chain.root - 1] for chain in shown])
    return [(chain, known[found.people[chain.root - 1]]) for chain in shown]


def bridging(found: Forest, most: int = 10) -> list[tuple[Bridge, Member]]:
    """The people through whom others hang together, with their names."""
    shown = forest.bridges(found, most)
    known = members([found.people[bridge.node - 1] for bridge in shown])
    return [(bridge, known[found.people[bridge.node - 1]]) for bridge in shown]


def below(member: Member, scope: str) -> Below:
    """Everybody who came through a member, by steps, with what they did and the picture."""
    found = measured(scope)
    nodes = forest.below(found, member.id)
    own = found.tree.depth[found.people.index(member.id) + 1] if nodes else 0
    people = [found.people[node - 1] for node in nodes]
    depths = [found.tree.depth[node] - own for node in nodes]
    tree = grow(people, [found.people[found.tree.parent[node] - 1] for node in nodes])
    return Below(people, depths, _levels(people, depths, scope), _drawn(member, people, tree) if people else None)


def members_of(found: Below, number: int) -> list[tuple[Member, int]]:
    """One page of the people below somebody, each with the number of steps."""
    first = (number - 1) * PAGE
    known = members(found.people[first : first + PAGE])
    shown = zip(found.people[first : first + PAGE], found.depths[first : first + PAGE], strict=True)
    return [(known[member_id], depth) for member_id, depth in shown]


def ways(scope: str) -> Mapping[Way, int]:
    """How many were brought in each way."""
    query = select(Bringing.way, func.count()).where(Bringing.scope == scope).group_by(Bringing.way)
    return dict(db.session.execute(query).all())


def by_cohort(campaign: Campaign | None, unit: Unit, at: datetime, zone: str) -> list[Cohort]:
    """For the last periods: who came in each, and how many they brought within the window. Empty periods stand in between."""
    spans = periods(unit, at, zone)
    column, query = _arrivals(campaign)
    counts = [func.count().filter(column >= span.start, column < span.end) for span in spans]
    people = db.session.execute(query.with_only_columns(*counts)).one()
    brought: list[dict[int, int]] = [{} for _span in spans]
    starts = [span.start for span in spans]
    for member_id, came_at, then, _step in db.session.execute(_brought_after(campaign, spans[0].start)):
        place = bisect_right(starts, came_at) - 1
        if place >= 0 and came_at < spans[place].end and cohorts.counts(came_at, then):
            brought[place][member_id] = brought[place].get(member_id, 0) + 1
    return [
        cohorts.cohort(span.first, cohorts.spread(seen, count), whole=span.end + cohorts.WINDOW <= at)
        for span, seen, count in zip(spans, brought, people, strict=True)
    ]


def brought_in(campaign: Campaign | None, first: date, unit: Unit, at: datetime, zone: str) -> list[int]:
    """The ids of the steps behind a number of `by_cohort`: whom those brought who came in the period from `first` on."""
    span = next((one for one in periods(unit, at, zone) if one.first == first), None)
    if span is None:
        return []
    found = db.session.execute(_brought_after(campaign, span.start))
    return [step for _who, came_at, then, step in found if came_at < span.end and cohorts.counts(came_at, then)]


def brought_by(member: Member) -> Bringing | None:
    """How a member came into the circle."""
    query = select(Bringing).where(Bringing.scope == CIRCLE, Bringing.member_id == member.id)
    return db.session.scalars(query).one_or_none()


def directly(member: Member) -> int:
    """How many a member brought into the circle himself."""
    query = select(func.count()).where(Bringing.scope == CIRCLE, Bringing.by_member_id == member.id)
    return db.session.scalar(query) or 0


def _arrivals(campaign: Campaign | None) -> tuple[Any, Select[Any]]:
    """When somebody came: into the campaign, or into the circle."""
    if campaign is not None:
        return Participant.joined_at, select(Participant.id).where(Participant.campaign_id == campaign.id)
    return Member.joined_at, select(Member.id).where(Member.merged_into_id.is_(None))


def _brought_after(campaign: Campaign | None, since: datetime) -> Select[Any]:
    """(Who brought, when that one came, when the brought one came, id of the step) for all who came since then."""
    scope = scope_of(campaign.id if campaign else None)
    query = select(Bringing.by_member_id).where(Bringing.scope == scope)
    if campaign is None:
        query = query.join(Member, Member.id == Bringing.by_member_id)
        return query.add_columns(Member.joined_at, Bringing.brought_at, Bringing.id).where(Member.joined_at >= since)
    mine = (Participant.campaign_id == campaign.id) & (Participant.member_id == Bringing.by_member_id)
    query = query.join(Participant, mine)
    columns = (Participant.joined_at, Bringing.brought_at, Bringing.id)
    return query.add_columns(*columns).where(Participant.joined_at >= since)


def _drawn(top: Member, people: Sequence[int], tree: Tree) -> Figure:
    """The picture of those below somebody; the larger a dot, the more people came through that person."""
    query = select(Member.id, Member.name).where(bulk.among(Member.id, people))
    names = dict(db.session.execute(query).all())

    def describe(number: int) -> tuple[str, str]:
        if number == ORIGINAL:
            return "original", top.name
        brought = tree.answers[number]
        words = ngettext("%(num)s brought", "%(num)s brought", brought) if brought else _("brought nobody")
        return "invited", f"{names[people[number - 1]]} · {words}"

    return picture(tree, describe)


def _levels(people: Sequence[int], depths: Sequence[int], scope: str) -> list[Level]:
    depth_of = dict(zip(people, depths, strict=True))
    outcomes: dict[int, dict[str, int]] = {}
    query = select(Event.member_id, Event.kind, func.count()).where(
        bulk.among(Event.member_id, people), Event.kind.in_(OUTCOMES)
    )
    if scope != CIRCLE:
        query = query.where(Event.campaign_id == int(scope.partition(":")[2]))
    for member_id, kind, count in db.session.execute(query.group_by(Event.member_id, Event.kind)):
        assert member_id is not None
        at_depth = outcomes.setdefault(depth_of[member_id], {})
        at_depth[kind] = at_depth.get(kind, 0) + count
    return [Level(depth, count, outcomes.get(depth, {})) for depth, count in sorted(Counter(depths).items())]


def members(ids: Sequence[int]) -> Mapping[int, Member]:
    """They by their ids."""
    query = select(Member).where(bulk.among(Member.id, sorted(set(ids))))
    return {member.id: member for member in db.session.scalars(query)}
