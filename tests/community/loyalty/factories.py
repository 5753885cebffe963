"""Facts as other rooms write them."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from commons import events
from commons.events import Event, Evidence
from commons.permissions import Role
from community.loyalty import ledger
from community.loyalty.levels import climbing, ladders
from community.loyalty.levels import setting_up as levels
from community.loyalty.levels.setting_up import LevelDraft
from community.loyalty.levels.standing import history
from community.loyalty.models import Currency, LedgerEntry
from community.loyalty.rules import defaults
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


def grow(member: Member, amount: int, key: str, at: datetime = NOON, **because: Any) -> LedgerEntry:
    """Growth of no particular kind."""
    return ledger.earn(member, Currency.GROWTH, amount, key=key, at=at, **because)


def ranks(member: Member) -> list[int]:
    """The levels that the member came to stand on, in order."""
    return [change.level.rank for change in reversed(history(member))]


def change(period_days: int | None = 365, at: datetime = NOON, **asked: int) -> None:
    """Let levels take other amounts of growth (`rank2=100`) or breadth (`wide2=3`)."""
    drafts: list[LevelDraft] = []
    for level in climbing.levels():
        threshold = asked.get(f"rank{level.rank}", level.threshold)
        wide = max([asked.get(f"wide{level.rank}", level.breadth), *(draft.breadth for draft in drafts)])
        drafts.append(LevelDraft(level.name, threshold, levels.perks(level), wide))
    levels.redraw(drafts, period_days, by=make_staff(Role.CAMPAIGN_LEAD), at=at)
