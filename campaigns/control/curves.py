"""The live curve: facts and new participants by the minute of today, by the hour, or by the day."""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaigns import by_day as days_of
from campaigns.control.filters import Filter, whole
from campaigns.participation.counts import reading as counts
from campaigns.participation.counts.models import Grain, Measure
from campaigns.participation.counts.reading import QUARTER, Window
from campaigns.participation.reading import share_of_time
from campaigns.planning.models import Campaign
from commons import zones

MINUTES_SHOWN = timedelta(hours=24)
HOURS_SHOWN = timedelta(days=7)


class By(enum.StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


BY_WORDS = {By.MINUTE: _l("Today by the minute"), By.HOUR: _l("By the hour"), By.DAY: _l("By the day")}


def curve(campaign: Campaign, by: By, chosen: Filter, at: datetime) -> dict[str, Any]:
    """The JSON of the curve (see static/js/curve.js); hours and days are those of the campaign's zone."""
    begins = _begins(campaign, by, chosen, at)
    ends = _now(campaign, chosen, at)
    grain = Grain.MINUTE if by is By.MINUTE else Grain.QUARTER
    first, last = (chosen.window.first, chosen.window.end) if chosen.window else (begins[0], ends + QUARTER)
    window = Window(max(first, begins[0]), min(last, ends + QUARTER))
    found = counts.series(campaign.id, (Measure.FACT, Measure.JOINED), grain, window, chosen.subject_id)
    facts, people = (_in(begins, found[measure]) for measure in (Measure.FACT, Measure.JOINED))
    unit = {By.MINUTE: _("number a minute"), By.HOUR: _("number an hour"), By.DAY: _("number a day")}
    series = [
        {"label": _("Actions for missions"), "values": facts, "kind": "bars"},
        {"label": _("New participants"), "values": people, "kind": "line"},
    ]
    if by is By.DAY and chosen.phase is None:
        series += _against_plan(campaign, begins, people)
    return {"x": [int(one.timestamp()) for one in begins], "series": series, "unit": unit[by], "zone": campaign.zone}


def _against_plan(campaign: Campaign, begins: Sequence[datetime], people: Sequence[int]) -> list[dict[str, Any]]:
    """Participants so far beside the plan at the end of each day: in words and in the table, as they need another scale."""
    ends = [*begins[1:], zones.day_bounds(zones.day_of(begins[-1], campaign.zone), campaign.zone)[1]]
    planned = [round(campaign.goal_participants * share_of_time(campaign, end)) for end in ends]
    return [
        {"label": _("Participants so far"), "values": list(accumulate(people)), "kind": "line"},
        {"label": _("Planned participants"), "values": planned, "kind": "target"},
    ]


def _begins(campaign: Campaign, by: By, chosen: Filter, at: datetime) -> list[datetime]:
    """When each stretch begins, up to now."""
    window = chosen.window or whole(campaign)
    now = _now(campaign, chosen, at)
    first = min(window.first, now)
    if by is By.DAY:
        return [zones.day_bounds(day, campaign.zone)[0] for day in days_of.days(first, now, campaign.zone)]
    midnight = zones.day_bounds(zones.day_of(now, campaign.zone), campaign.zone)[0]
    if by is By.MINUTE:
        step, begin = timedelta(minutes=1), max(midnight, now - MINUTES_SHOWN)
    else:
        step, begin = (
            timedelta(hours=1),
            max(zones.day_bounds(zones.day_of(first, campaign.zone), campaign.zone)[0], midnight - HOURS_SHOWN),
        )
    return [begin + step * number for number in range(int((now - begin) / step) + 1)]


def _now(campaign: Campaign, chosen: Filter, at: datetime) -> datetime:
    """The moment up to which there is something to show."""
    last = min(at, campaign.cancelled_at or campaign.ends_at, campaign.ends_at)
    last = min(last, chosen.window.end) if chosen.window else last
    return max(last, campaign.starts_at)


def _in(begins: Sequence[datetime], found: Mapping[datetime, int]) -> list[int]:
    """How many fall between each beginning and the next."""
    numbers: Counter[int] = Counter()
    for moment, number in found.items():
        numbers[bisect_right(begins, moment) - 1] += number
    return [numbers[place] for place in range(len(begins))]
