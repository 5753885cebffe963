"""What the campaign wants beside what it has: a list of goals, each with its target, the actual number and the plan for now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.planning.models import Campaign
from campaigns.planning.pacing import Pace, Verdict
from campaigns.planning.reading import paces
from campaigns.planning.wording import VERDICTS, measure_word


@dataclass(frozen=True)
class Goal:
    """One goal of the plan, by its measure, and how far it is."""

    key: str
    name: str
    pace: Pace

    @property
    def verdict(self) -> Any:
        """Reached, on pace, behind: a lazy word."""
        return VERDICTS[self.pace.verdict][0]

    @property
    def is_far_behind(self) -> bool:
        return self.pace.verdict is Verdict.BEHIND and self.pace.planned > 0

    @property
    def tone(self) -> str:
        """Of its bar."""
        if VERDICTS[self.pace.verdict][1] == "good":
            return "good"
        return "warn" if self.is_far_behind else "accent"


def goals(campaign: Campaign, at: datetime) -> Sequence[Goal]:
    """The goals of a campaign with their numbers at this moment."""
    return [Goal(goal.measure, measure_word(goal.measure), pace) for goal, _measure, pace in paces(campaign, at)]
