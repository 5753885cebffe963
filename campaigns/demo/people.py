"""What some of the demo's fans show of themselves to everybody, and one profile that somebody reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from campaigns.demo.stage import Cast
from commons import clock
from community.circle.interests.models import Reason
from community.circle.people import profiles, reporting
from community.circle.people.models import Part

Step = Callable[[], object]

SHOWN = (
    (0, -12, "20:30", (Part.LEVEL, Part.JOINED, Part.BADGES, Part.CIRCLES, Part.POSTS)),
    (2, -10, "21:15", (Part.LEVEL, Part.BADGES)),
    (6, -9, "09:05", (Part.LEVEL, Part.JOINED, Part.CIRCLES)),
    (31, -6, "23:40", (Part.LEVEL,)),
)
"""Which fan, on which day and at what time, and the parts."""


def steps(cast: Cast) -> Iterator[tuple[datetime, Step]]:
    """The steps with their moments, in no order."""
    for fan, day, at, parts in SHOWN:
        yield cast.day(day, at), partial(_show, cast, fan, parts)
    yield cast.day(-1, "19:48"), partial(_report, cast, 31, by=9)


def _show(cast: Cast, fan: int, parts: tuple[Part, ...]) -> None:
    profiles.change(cast.fans[fan], on=True, parts=parts, findable=False, at=clock.now())


def _report(cast: Cast, fan: int, by: int) -> None:
    profile = profiles.profile_of(cast.fans[fan])
    assert profile is not None
    reporting.report(profile, cast.fans[by], Reason.OTHER, clock.now(), "名字像是在冒充茶舍的工作人员。")
