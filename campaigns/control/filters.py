"""What the control room shows: all of a campaign, or one mission, or one phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaigns.participation.counts.reading import QUARTER, Window
from campaigns.planning.models import Campaign, Mission, Phase


@dataclass(frozen=True)
class Stretch:
    """A phase, or all of the campaign, as its numbers are asked for."""

    key: str
    name: str
    since: datetime
    until: datetime
    window: Window


@dataclass(frozen=True)
class Filter:
    """The mission and the phase that are looked at; None is all of them."""

    mission: Mission | None = None
    phase: Stretch | None = None

    @classmethod
    def from_args(cls, campaign: Campaign, args: Mapping[str, str]) -> Filter:
        """What an address asks for; what it names and the campaign does not have is nothing asked."""
        mission = next((one for one in campaign.missions if one.public_id == args.get("mission")), None)
        return cls(mission, next((one for one in phases(campaign) if one.key == args.get("phase")), None))

    @property
    def window(self) -> Window | None:
        return self.phase.window if self.phase else None

    @property
    def subject_id(self) -> int | None:
        return self.mission.id if self.mission else None

    @property
    def args(self) -> dict[str, str]:
        """The same as parts of an address."""
        asked = {
            "mission": self.mission.public_id if self.mission else "",
            "phase": self.phase.key if self.phase else "",
        }
        return {name: value for name, value in asked.items() if value}


def phases(campaign: Campaign) -> Sequence[Stretch]:
    """The phases of a campaign in order of time. One that nothing follows counts to the end of its last quarter of an hour."""
    begins = {phase.starts_at for phase in campaign.phases}
    return [_stretch(phase, is_followed=phase.ends_at in begins) for phase in campaign.phases]


def _stretch(phase: Phase, *, is_followed: bool) -> Stretch:
    since, until = phase.starts_at, phase.ends_at
    return Stretch(phase.public_id, phase.name, since, until, Window(since, _end(until, is_followed)))


def whole(campaign: Campaign) -> Window:
    """All of the campaign, its teaser too."""
    first = min(campaign.starts_at, campaign.teaser.starts_at) if campaign.teaser else campaign.starts_at
    return Window(first, _end(campaign.ends_at, False))


def _end(moment: datetime, is_followed: bool) -> datetime:
    return moment if is_followed else moment + QUARTER - timedelta(microseconds=1)
