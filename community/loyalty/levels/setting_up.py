"""Setting up the levels: names, thresholds, breadth, perks, period. Nobody falls because more is asked from now on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from commons import events, jobs
from commons.accounts.models import User
from commons.db import db
from commons.errors import Invalid
from commons.i18n import Words
from community.loyalty.levels import ladders
from community.loyalty.levels.ladders import levels
from community.loyalty.models import Level, LevelChange
from community.members.models import Member


@dataclass(frozen=True)
class LevelDraft:
    """What a level shall be called, take and give."""

    name: Words
    threshold: int
    perks: list[Words]
    breadth: int = 0


def redraw(drafts: Sequence[LevelDraft], period_days: int | None, *, by: User, at: datetime) -> bool:
    """Give the levels, lowest first, new names, thresholds, breadth and perks, and the period; False if nothing changes.

    Whoever reaches what is asked now is lifted soon after. What was given under what was asked until now is kept by that.
    """
    known, before = levels(), ladders.newest()
    if len(drafts) != len(known):
        raise ValueError("as many drafts as levels")
    _check(drafts)
    taken = ladders.rungs_of(known), before.period_days if before is not None else None
    changed = [level for level, draft in zip(known, drafts, strict=True) if _redraw(level, draft)]
    if not changed and taken[1] == period_days:
        return False
    db.session.flush()
    if (ladders.rungs_of(known), period_days) != taken:
        ladders.keep_version(known, period_days, at, by)
    payload = {"levels": [_plain(level) for level in known], "period_days": period_days}
    key = f"loyalty.levels_changed:{at.isoformat()}:{by.id}"
    events.track("loyalty.levels_changed", key=key, at=at, actor_id=by.id, payload=payload)
    jobs.send("loyalty.look", after_id=0)
    return True


def population() -> dict[int, int]:
    """How many members stand on each level, by level id."""
    newest = select(func.max(LevelChange.id)).join(Member, Member.id == LevelChange.member_id)
    newest = newest.where(Member.counts()).group_by(LevelChange.member_id)
    query = select(LevelChange.level_id, func.count()).where(LevelChange.id.in_(newest)).group_by(LevelChange.level_id)
    counted = Counter(dict(db.session.execute(query).all()))
    everybody = db.session.scalar(select(func.count()).select_from(Member).where(Member.counts())) or 0
    ordered = levels()
    counted[ordered[0].id] += everybody - counted.total()
    return {level.id: counted[level.id] for level in ordered}


def perks(level: Level) -> list[Words]:
    """The level's perks as words in both languages."""
    return [Words(**perk) for perk in level.perks]


def _check(drafts: Sequence[LevelDraft]) -> None:
    thresholds = [draft.threshold for draft in drafts]
    if thresholds[0] != 0 or any(low >= high for low, high in pairwise(thresholds)):
        raise Invalid(
            _l("The first level begins at 0, and each level needs more growth than the one before."),
            _l("Check the thresholds from top to bottom."),
        )
    breadths = [draft.breadth for draft in drafts]
    if breadths[0] != 0 or any(low > high for low, high in pairwise(breadths)):
        raise Invalid(
            _l("The first level asks for no breadth, and no level asks for less of it than the one before."),
            _l("Check the kinds of facts from top to bottom."),
        )


def _redraw(level: Level, draft: LevelDraft) -> bool:
    wanted = [{"zh": perk.zh, "en": perk.en} for perk in draft.perks]
    said = (draft.name, draft.threshold, draft.breadth, wanted)
    if (level.name, level.threshold, level.breadth, level.perks) == said:
        return False
    level.name, level.threshold, level.breadth, level.perks = said
    return True


def _plain(level: Level) -> dict[str, object]:
    return {"rank": level.rank, "name": level.name.zh, "threshold": level.threshold, "breadth": level.breadth}
