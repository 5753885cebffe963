"""What the demo shows of levels and badges: breadth that is asked for, one level set by hand, one in danger, a badge of the house."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from campaigns.demo.stage import Cast
from commons import clock
from commons.i18n import Words
from community.loyalty.badges import declaring, granting
from community.loyalty.badges.declaring import Draft
from community.loyalty.badges.deserving import Terms
from community.loyalty.levels import keeping, ladders, locking
from community.loyalty.levels import setting_up as levels
from community.loyalty.levels.setting_up import LevelDraft
from community.loyalty.rules import defaults

Step = Callable[[], object]
BREADTH: Sequence[int] = (0, 0, 2, 2, 3, 3)
REGULAR_GUEST = Draft(
    name=Words("茶桌熟人", "At the tea table"),
    words=Words("五个不同的日子里都来说过话", "Came to talk on five different days"),
    motif="leaf",
    tone="tea",
    kind="interaction.comment",
    terms=Terms(times=5, days=5),
)


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order; the look at everybody's level comes last."""
    yield cast.day(-25, "10:00"), partial(_ask_for_breadth, cast)
    yield cast.day(-20, "15:00"), partial(_lock, cast, 6, 4, "试喝会的主持，活动期间按知己待遇", cast.day(-6, "18:00"))
    yield cast.day(-9, "15:00"), partial(_lock, cast, 5, 3, "帮忙校订了整本茶事手册", None)
    yield cast.day(-8, "10:00"), partial(_declare, cast)
    yield cast.day(-6, "18:01"), lambda: locking.release_due(clock.now())
    yield cast.now - timedelta(minutes=4), lambda: keeping.look(clock.now())


def _ask_for_breadth(cast: Cast) -> None:
    drafts = [
        LevelDraft(level.name, level.threshold, levels.perks(level), breadth)
        for level, breadth in zip(ladders.levels(), BREADTH, strict=True)
    ]
    levels.redraw(drafts, defaults.PERIOD_DAYS, by=cast.lead, at=clock.now())


def _lock(cast: Cast, fan: int, rank: int, reason: str, until: datetime | None) -> None:
    level = next(level for level in ladders.levels() if level.rank == rank)
    locking.lock(cast.fans[fan], level, reason=reason, until=until, by=cast.lead, at=clock.now())


def _declare(cast: Cast) -> None:
    granting.backfill(declaring.declare(REGULAR_GUEST, by=cast.lead, at=clock.now()), clock.now())
