"""What the calendar is asked for: a period, how to show it, and what of it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from campaigns.publishing.models import DeliveryState

VIEWS = ("month", "week", "day", "list")
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_CHOSEN = 30
NO_CAMPAIGN = "none"

# States that a planned moment can have; drafts and what waits for a moment stand on no day.
SHOWN_STATES = tuple(state for state in DeliveryState if state not in {DeliveryState.DRAFT, DeliveryState.APPROVED})


@dataclass(frozen=True)
class Filter:
    """A view of the period around `day`, narrowed to accounts, campaigns and states; empty means all of them.

    Accounts and campaigns go by their public ids; a campaign may also be `none`. `selecting`: entries can be ticked.
    """

    view: str
    day: date
    channels: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    selecting: bool = False

    @classmethod
    def from_args(cls, args: MultiDict[str, str], today: date) -> Filter:
        """What the address asks for; anything that is no day or month is today."""
        view = args.get("view", "month")
        known = {state.value for state in SHOWN_STATES}
        return cls(
            view if view in VIEWS else "month",
            read_day(args.get("day", "")) or read_day(f"{args.get('month', '')}-01") or today,
            channels=_chosen(args.getlist("channel")),
            campaigns=_chosen(args.getlist("campaign")),
            states=tuple(state for state in _chosen(args.getlist("state")) if state in known),
            selecting="select" in args,
        )

    @property
    def first(self) -> date:
        """The first day shown."""
        if self.view in {"month", "list"}:
            begins = self.day.replace(day=1)
            return begins if self.view == "list" else begins - timedelta(days=begins.weekday())
        return self.day - timedelta(days=self.day.weekday()) if self.view == "week" else self.day

    @property
    def last(self) -> date:
        """The last day shown."""
        if self.view in {"month", "list"}:
            ends = self.day.replace(day=monthrange(self.day.year, self.day.month)[1])
            return ends if self.view == "list" else ends + timedelta(days=6 - ends.weekday())
        return self.first + timedelta(days=6 if self.view == "week" else 0)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> date:
        """A day of the period before this one."""
        if self.view in {"month", "list"}:
            return (self.day.replace(day=1) - timedelta(days=1)).replace(day=1)
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date:
        if self.view in {"month", "list"}:
            return (self.day.replace(day=1) + timedelta(days=31)).replace(day=1)
        return self.last + timedelta(days=1)

    @property
    def is_narrow(self) -> bool:
        return bool(self.channels or self.campaigns or self.states)

    def to(self, **changes: Any) -> dict[str, Any]:
        """This view with changes, as arguments of its address; what is usual is left out."""
        other = replace(self, **changes)
        by_month = other.view in {"month", "list"}
        return {
            "view": None if other.view == "month" else other.view,
            "month": f"{other.day:%Y-%m}" if by_month else None,
            "day": None if by_month else other.day.isoformat(),
            "channel": list(other.channels),
            "campaign": list(other.campaigns),
            "state": list(other.states),
            "select": "1" if other.selecting else None,
        }


def read_day(text: str) -> date | None:
    """The day that the calendar can show, written as `2026-03-09`; None for anything else."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a calendar day, no moment)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _chosen(values: Sequence[str]) -> tuple[str, ...]:
    """Each once, in order; anything that is no word of ours is left out."""
    return tuple(dict.fromkeys(value for value in values if value.replace("_", "").isalnum() and len(value) <= 20))[
        :MOST_CHOSEN
    ]
