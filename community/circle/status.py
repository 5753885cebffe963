"""Where a fan stands, gathered for one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from commons.db import db
from commons.events import Event
from commons.i18n import Words
from commons.panels import Panel, in_order
from community.circle import checking_in
from community.circle.slots import status_panels
from community.loyalty import accounts, streaks, why
from community.loyalty.badges import cabinet
from community.loyalty.badges.models import BadgeAward
from community.loyalty.levels import outlook
from community.loyalty.levels import setting_up as levels
from community.loyalty.levels.outlook import Outlook
from community.loyalty.levels.standing import Standing, standing_of
from community.loyalty.lines import Line
from community.loyalty.rules.verdicts import Verdict
from community.loyalty.streaks import CalendarDay, Streak
from community.loyalty.words import SHORT_VERDICTS
from community.members.models import Member

# What others do (a group buy filling up) is no fact of this member: the page is drawn anew this often at least.
REDRAW_SECONDS = 20
NEWEST_BADGES = 6
LINES = 8


@dataclass(frozen=True, slots=True)
class Status:
    """Everything on the status page. `mark` changes when anything here may have changed."""

    standing: Standing
    outlook: Outlook
    points: int
    pending: int
    expiring: int
    expires_from: datetime | None
    badges: Sequence[BadgeAward]
    perks: Sequence[Words]
    next_perks: Sequence[Words]
    streak: Streak
    weeks: Sequence[Sequence[CalendarDay]]
    today: Sequence[TodayLine]
    today_earned: tuple[int, int]
    history: why.Page
    panels: Sequence[Panel]
    mark: str


@dataclass(slots=True)
class TodayLine:
    """The same thing done once or several times today, and what it brought; `why_not` where it brought nothing."""

    words: str
    why_not: str = ""
    count: int = 0
    growth: int = 0
    points: int = 0


def status_of(member: Member, at: datetime, page: int = 1) -> Status:
    """Where the member stands `at` this moment, with one `page` of the history: a fixed number of queries."""
    looks, purse = outlook.outlook(member, at), accounts.purse(member, at)
    stands = standing_of(looks, purse.growth)
    lines, history = why.today_and_history(member, at, page, LINES)
    days = checking_in.days_of(member)
    today = checking_in.today_of(member, at)
    streak = streaks.streak(days, today)
    return Status(
        standing=stands,
        outlook=looks,
        points=purse.points,
        pending=purse.pending,
        expiring=purse.expiring,
        expires_from=purse.first_at,
        badges=cabinet.newest_awards(member, NEWEST_BADGES),
        perks=levels.perks(stands.level),
        next_perks=levels.perks(stands.next_level) if stands.next_level else [],
        streak=streak,
        weeks=streaks.calendar(days, today, frozen=streak.frozen),
        today=gathered(lines),
        today_earned=why.earned(lines),
        history=history,
        panels=in_order([plug(member, at) for plug in status_panels]),
        mark=mark_of(member, at),
    )


def gathered(lines: Sequence[Line]) -> list[TodayLine]:
    """One line for all that reads the same, in the order of the newest."""
    found: dict[tuple[str, str], TodayLine] = {}
    for line in lines:
        refusals = [SHORT_VERDICTS[reason.verdict] for reason in line.reasons if reason.verdict is not Verdict.EARNED]
        why_not = str(refusals[0]) if refusals and not line.moved else ""
        gathered_line = found.setdefault((line.words, why_not), TodayLine(line.words, why_not))
        gathered_line.count += 1
        gathered_line.growth += line.growth
        gathered_line.points += line.points
    return list(found.values())


def mark_of(member: Member, at: datetime) -> str:
    """A word that stays the same while the status page would: one indexed query."""
    newest = db.session.scalar(select(func.max(Event.id)).where(Event.member_id == member.id)) or 0
    return f"{newest}-{int(at.timestamp()) // REDRAW_SECONDS}"
