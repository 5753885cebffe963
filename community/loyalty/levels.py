"""Setting up the levels: names, thresholds, perks. Nobody falls because a threshold was raised."""

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
from community.loyalty.climbing import levels
from community.loyalty.models import Level, LevelChange
from community.members.models import Member


@dataclass(frozen=True)
class LevelDraft:
    """What a level shall be called, take and give."""

    name: Words
    threshold: int
    perks: list[Words]


def redraw(drafts: Sequence[LevelDraft], *, by: User, at: datetime) -> bool:
    """Give the levels, lowest first, new names, thresholds and perks; False if nothing changes.

    Whoever reaches a lowered threshold is lifted soon after; whoever stands above a raised one stays.
    """
    known = levels()
    thresholds = [draft.threshold for draft in drafts]
    if len(drafts) != len(known):
        raise ValueError("as many drafts as levels")
    if thresholds[0] != 0 or any(low >= high for low, high in pairwise(thresholds)):
        raise Invalid(
            _l("The first level begins at 0, and each level needs more growth than the one before."),
            _l("Check the thresholds from top to bottom."),
        )
    changed = [level for level, draft in zip(known, drafts, strict=True) if _redraw(level, draft)]
    if not changed:
        return False
    db.session.flush()
    payload = {"levels": [_plain(level) for level in known]}
    key = f"loyalty.levels_changed:{at.isoformat()}:{by.id}"
    events.track("loyalty.levels_changed", key=key, at=at, actor_id=by.id, payload=payload)
    jobs.send("loyalty.lift")
    return True


def population() -> dict[int, int]:
    """How many members stand on each level, by level id."""
    newest = select(func.max(LevelChange.id)).join(Member, Member.id == LevelChange.member_id)
    newest = newest.where(Member.erased_at.is_(None)).group_by(LevelChange.member_id)
    query = select(LevelChange.level_id, func.count()).where(LevelChange.id.in_(newest)).group_by(LevelChange.level_id)
    counted = Counter(dict(db.session.execute(query).all()))
    everybody = db.session.scalar(select(func.count()).select_from(Member).where(Member.erased_at.is_(None))) or 0
    ordered = levels()
    counted[ordered[0].id] += everybody - counted.total()
    return {level.id: counted[level.id] for level in ordered}


def perks(level: Level) -> list[Words]:
    """The level's perks as words in both languages."""
    return [Words(**perk) for perk in level.perks]


def _redraw(level: Level, draft: LevelDraft) -> bool:
    wanted = [{"zh": perk.zh, "en": perk.en} for perk in draft.perks]
    if (level.name, level.threshold, level.perks) == (draft.name, draft.threshold, wanted):
        return False
    level.name, level.threshold, level.perks = draft.name, draft.threshold, wanted
    return True


def _plain(level: Level) -> dict[str, object]:
    return {"rank": level.rank, "name": level.name.zh, "threshold": level.threshold}
