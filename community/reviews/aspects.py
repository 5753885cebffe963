"""What an order review can judge one by one, and the average of many. Pure but for the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from commons.db import db
from community.reviews.models import Kind, State, Submission

MOST = 5
ASPECTS: Mapping[str, Any] = {
    "quality": _l("Quality"),
    "packaging": _l("Packaging"),
    "delivery": _l("Delivery"),
    "service": _l("Service"),
    "value": _l("Worth its price"),
}


@dataclass(frozen=True)
class Average:
    """The average of so many marks from 1 to 5."""

    mark: float
    count: int


def averages(rows: Sequence[tuple[int | None, Mapping[str, int]]]) -> dict[str, Average]:
    """The average of the stars (under `stars`) and of every aspect that somebody marked."""
    marks: dict[str, list[int]] = {}
    for stars, aspects in rows:
        for name, mark in {**({"stars": stars} if stars else {}), **aspects}.items():
            marks.setdefault(name, []).append(mark)
    return {name: Average(sum(given) / len(given), len(given)) for name, given in marks.items()}


def averages_about(about: str) -> dict[str, Average]:
    """Of everything published about one thing that was bought."""
    query = select(Submission.stars, Submission.aspects).where(
        Submission.order_about == about, Submission.kind == Kind.ORDER_REVIEW, Submission.state == State.PUBLISHED
    )
    return averages([(stars, aspects) for stars, aspects in db.session.execute(query)])
