"""The terms of the rules as they are kept: each change is a new row, and none is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from commons import events
from commons.accounts.models import User
from commons.db import db, insert_new
from commons.errors import Conflict
from commons.events import Evidence
from community.reviews import fairness
from community.reviews.checks import Terms
from community.reviews.models import CheckTerms

NUMBERS = {
    "most_links": (0, 20),
    "same_by_author": (2, 100),
    "same_by_many": (2, 1000),
    "same_within_hours": (1, 720),
    "most_an_hour": (1, 100),
    "most_repeats": (3, 100),
    "least_characters": (0, 100),
    "trusted_after": (1, 1000),
    "trusted_days": (1, 730),
    "spot_check_share": (0, 100),
    "critical_stars": (2, 4),
}
"""Every number among the terms, with the least and the most that it may be."""

LISTS = ("insults", "contacts", "critical_words")


def terms() -> Terms:
    """The terms in force."""
    row = _latest()
    return read(row.terms) if row is not None else Terms()


def read(kept: Mapping[str, Any]) -> Terms:
    """Terms out of a row; what an older row does not say is as usual."""
    known = {one.name for one in fields(Terms)}
    given = {name: value for name, value in kept.items() if name in known}
    for name in LISTS:
        if name in given:
            given[name] = tuple(given[name])
    return Terms(**given)


def number() -> int:
    """The number of the terms in force; 0 are the usual ones."""
    row = _latest()
    return row.number if row is not None else 0


def history() -> Sequence[CheckTerms]:
    return db.session.scalars(select(CheckTerms).order_by(CheckTerms.number.desc()).limit(20)).all()


def change(new: Terms, since: int, *, by: User, at: datetime) -> bool:
    """Let these terms hold from now on; False if they hold already. `since` is the number that the person had before them.

    `Unfair` for terms under which a rule would point at criticism, or protect less of it than the usual ones do.
    """
    if new == terms():
        return False
    fairness.check_terms(new)
    row = {"number": since + 1, "terms": asdict(new), "starts_at": at, "by_id": by.id}
    if since != number() or insert_new(CheckTerms, row) is None:
        raise Conflict(_("Somebody else has changed the thresholds meanwhile."), _("Reload the page to see theirs."))
    events.track(
        "review.thresholds_changed",
        key=f"review.thresholds_changed:{since + 1}",
        at=at,
        actor_id=by.id,
        evidence=Evidence.STAFF,
        payload={"number": since + 1},
    )
    return True


def _latest() -> CheckTerms | None:
    return db.session.scalars(select(CheckTerms).order_by(CheckTerms.number.desc()).limit(1)).first()
