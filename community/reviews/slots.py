"""Where upper rooms bring what can be reviewed, and where rooms whose things are reviewed follow what was decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from commons.slots import Slot
from community.members.models import Member
from community.reviews.models import Submission


@dataclass(frozen=True)
class Order:
    """Something that a member bought and may review once. `ref` names the order for ever, `about` the thing."""

    ref: str
    about: str
    title: str
    bought_at: datetime


orders: Slot[Callable[[Member, datetime], Sequence[Order]]] = Slot("what this member bought and may review by now")
buying: Slot[Callable[[str], str]] = Slot(
    "where this thing (`Order.about`) can be bought now, else empty. A review that leads there bears the ad label"
)
followers: Slot[Callable[[Submission, datetime], None]] = Slot(
    "the state of a submission has just changed: the room whose thing it is (`subject_type`) lets it follow. Twice is once"
)


def buying_link(about: str | None) -> str:
    """Where the thing that a review is about can be bought now; empty when it cannot."""
    return next((link for ask in buying if (link := ask(about))), "") if about else ""
