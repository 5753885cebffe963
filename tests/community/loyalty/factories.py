"""Facts as other rooms write them."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from commons import events
from commons.events import Event, Evidence
from community.loyalty import defaults, ladders, levels
from community.loyalty.levels import LevelDraft
from community.members.models import Member
from tests.factories import NOON, make_staff

_numbers = count(1)


def happen(
    kind: str, member: Member, at: datetime, evidence: Evidence = Evidence.NETWORK, key: str = "", **payload: Any
) -> Event:
    """A fact of `kind` about `member`, told to every reader."""
    found = events.track(
        kind, key=key or f"test:{next(_numbers)}", at=at, member_id=member.id, evidence=evidence, payload=payload
    )
    assert found is not None
    return found


def comment(member: Member, at: datetime) -> Event:
    return happen("interaction.comment", member, at)


def by_growth_alone() -> None:
    """Let every level take growth and nothing else."""
    drafts = [LevelDraft(level.name, level.threshold, levels.perks(level)) for level in ladders.levels()]
    levels.redraw(drafts, defaults.PERIOD_DAYS, by=make_staff(), at=NOON)
