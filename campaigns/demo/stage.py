"""The stage of the demo: who and what there is so far, and small things that every scene needs."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from campaigns.demo import pictures, story
from campaigns.groupbuys.models import GroupBuy
from campaigns.links.models import Link
from campaigns.planning.models import Campaign
from commons import clock, zones
from commons.accounts.models import User
from commons.media.keeping import keep
from commons.media.models import Picture
from community.channels.models import ChannelPost
from community.members.models import Member


@dataclass
class Cast:
    """Who and what there is so far."""

    now: datetime
    chance: random.Random
    staff: dict[str, User] = field(default_factory=dict)
    fans: list[Member] = field(default_factory=list)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    offers: dict[str, GroupBuy] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    drawn: dict[str, Picture] = field(default_factory=dict)
    posts: dict[int, ChannelPost] = field(default_factory=dict)

    def day(self, number: int, clock_time: str) -> datetime:
        """The moment of a wall-clock time, `number` days from today in the brand's zone."""
        today = zones.day_of(self.now, story.ZONE)
        local = datetime.fromisoformat(f"{(today + timedelta(days=number)).isoformat()}T{clock_time}")
        return zones.to_utc(local, story.ZONE)

    @property
    def author(self) -> User:
        return self.staff["linxia"]

    @property
    def lead(self) -> User:
        return self.staff["xuqiao"]

    def picture(self, name: str) -> Picture:
        """The drawing of that name, kept at its first use."""
        if name not in self.drawn:
            self.drawn[name] = keep(pictures.draw(name), f"{name}.jpg", self.author, clock.now())
        return self.drawn[name]

    def taken(self, name: str, member: Member) -> Picture:
        """The same drawing as a fan's own picture, to be handed in."""
        return keep(pictures.draw(name), f"{name}.jpg", member.user, clock.now(), private=True)


def wall_clock(moment: datetime) -> datetime:
    """What the clock in the tea house shows then."""
    return zones.to_local(moment, story.ZONE)
