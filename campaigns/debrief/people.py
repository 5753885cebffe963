"""Who took part in a campaign: new in the circle, come back, for the first time; and what brought them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from campaigns.links.models import Hit, Link, Verdict
from campaigns.participation.models import Participant
from campaigns.participation.reading import top
from campaigns.planning.models import Campaign
from commons import zones
from commons.db import db
from commons.events import Event
from community.members.models import Member

MOST_LINES = 10


@dataclass(frozen=True)
class People:
    """`new`: in the circle since the campaign began; `returning`: took part in an earlier one; `finished` all missions."""

    participants: int
    new: int
    returning: int
    finished: int
    top: Sequence[Participant]


@dataclass(frozen=True)
class Source:
    """So many by one way in: `key` is the kind of the first fact, or the site from which a visit came."""

    key: str
    number: int


def people(campaign: Campaign) -> People:
    """Counted over all who took part."""
    here = select(func.count()).select_from(Participant).where(Participant.campaign_id == campaign.id)
    new = here.join(Member, Member.id == Participant.member_id).where(Member.joined_at >= campaign.starts_at)
    earlier = (
        select(Participant.member_id)
        .join(Campaign, Campaign.id == Participant.campaign_id)
        .where(Campaign.starts_at < campaign.starts_at, Campaign.id != campaign.id)
    )
    returning = here.where(Participant.member_id.in_(earlier))
    finished = here.where(Participant.finished_at.is_not(None))
    numbers = [db.session.scalar(query) or 0 for query in (here, new, returning, finished)]
    return People(numbers[0], numbers[1], numbers[2], numbers[3], top(campaign))


def first_facts(campaign: Campaign) -> list[Source]:
    """By which kind of act people came in, most first."""
    query = select(Event.kind, func.count()).join(Participant, Participant.event_id == Event.id)
    query = query.where(Participant.campaign_id == campaign.id).group_by(Event.kind).order_by(func.count().desc())
    return [Source(kind, number) for kind, number in db.session.execute(query)]


def sites(campaign: Campaign) -> list[Source]:
    """From which sites visits by people through links of the campaign came, most first; empty for none that is known."""
    query = select(Hit.referrer, func.count()).join(Link, Link.id == Hit.link_id)
    query = query.where(Link.campaign_id == campaign.id, Hit.verdict == Verdict.HUMAN).group_by(Hit.referrer)
    by_site: Counter[str] = Counter()
    for referrer, number in db.session.execute(query):
        site = referrer.partition("://")[2].partition("/")[0].removeprefix("www.") if "://" in referrer else ""
        by_site[site] += number
    return [Source(site, number) for site, number in by_site.most_common(MOST_LINES)]


def hours(found: Mapping[datetime, int], zone: str) -> list[int]:
    """How many by the hour of the day in a zone, 24 numbers."""
    numbers: Counter[int] = Counter()
    for moment, number in found.items():
        numbers[zones.to_local(moment, zone).hour] += number
    return [numbers[hour] for hour in range(24)]
