"""Labels: words by which the team sorts its posts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import regex
from sqlalchemy import select

from campaigns.posts.models import Label
from commons.db import db, insert_new
from community.circle.wording import tidy

LABEL_LENGTH = 40
MOST_OFFERED = 60
_BETWEEN = regex.compile(r"[,，;；、\n]+")


def offered(chosen: Iterable[Label]) -> list[Label]:
    """The labels that a page offers, by name: as many as it can, and all that are chosen already."""
    first = db.session.scalars(select(Label).order_by(Label.name).limit(MOST_OFFERED)).all()
    return sorted({*first, *chosen}, key=lambda label: label.name)


def names_in(text: str) -> list[str]:
    """The names in a list that somebody typed with commas between them."""
    names = (tidy(name).replace("\n", " ")[:LABEL_LENGTH].strip() for name in _BETWEEN.split(text))
    return list(dict.fromkeys(name for name in names if name))


def labels_by_id(public_ids: Sequence[str]) -> list[Label]:
    query = select(Label).where(Label.public_id.in_(public_ids[: MOST_OFFERED * 2])).order_by(Label.name)
    return list(db.session.scalars(query))


def labels_named(names: Iterable[str], at: datetime) -> list[Label]:
    """The labels called so, made where there are none."""
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        insert_new(Label, {"name": name, "made_at": at})
    return list(db.session.scalars(select(Label).where(Label.name.in_(wanted)).order_by(Label.name)))
