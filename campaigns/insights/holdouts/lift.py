"""What a campaign changed: those whom it addressed beside those who were kept out, with an interval that says what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, exists, func, select

from campaigns.insights import book, rows
from campaigns.insights.cells import Cell, Reader
from campaigns.insights.models import Holdout, HoldoutMember
from campaigns.insights.rows import Table
from campaigns.intervals import Difference, Share
from campaigns.participation.models import Participant
from commons.db import db
from commons.events import Event
from community.members.models import Member
from community.seed_users.retention import ACTS

FEWEST = 30
"""With fewer people in a group the interval is so wide that naming a difference would mislead."""

WORDS = {
    "participated": _l("Took part in the campaign"),
    "ordered": _l("Ordered something"),
    "active": _l("Did anything in the circle"),
}


@dataclass(frozen=True)
class Outcome:
    """How many of each group did it, while the campaign ran."""

    name: str
    addressed: Share
    kept_out: Share

    @property
    def words(self) -> str:
        return str(WORDS[self.name])

    @property
    def lift(self) -> Difference:
        return Difference(self.addressed, self.kept_out)

    @property
    def is_enough(self) -> bool:
        """Whether both groups are large enough to say anything."""
        return min(self.addressed.trials, self.kept_out.trials) >= FEWEST


def span(holdout: Holdout, at: datetime) -> tuple[datetime, datetime]:
    """From the start of the campaign to its end, its cancellation, or this moment."""
    campaign = holdout.campaign
    end = min(moment for moment in (campaign.ends_at, campaign.cancelled_at, at) if moment is not None)
    return campaign.starts_at, max(end, campaign.starts_at)


def outcomes(holdout: Holdout, at: datetime) -> Sequence[Outcome]:
    """All three, in one query over the list of the draw."""
    done = _done(holdout, at)
    columns = [func.count(), *(func.count(case((condition, 1))) for condition in done.values())]
    query = select(HoldoutMember.is_kept_out, *columns).where(HoldoutMember.holdout_id == holdout.id)
    found = {row[0]: row[1:] for row in db.session.execute(query.group_by(HoldoutMember.is_kept_out))}
    addressed, out = (found.get(group, (0,) * (len(done) + 1)) for group in (False, True))
    return [
        Outcome(name, Share(addressed[place], addressed[0]), Share(out[place], out[0]))
        for place, name in enumerate(done, start=1)
    ]


def table(holdout: Holdout, at: datetime, reader: Reader, *, only: str = "", is_kept_out: bool | None = None) -> Table:
    """Everybody among whom was drawn, and what they did; only those of one group, or who did one thing."""
    done = _done(holdout, at)
    columns: list[Any] = [Member.name, Member.public_id, HoldoutMember.is_kept_out, *done.values()]
    query = select(*columns)
    query = query.join_from(HoldoutMember, Member, Member.id == HoldoutMember.member_id)
    query = query.where(HoldoutMember.holdout_id == holdout.id)
    if is_kept_out is not None:
        query = query.where(HoldoutMember.is_kept_out.is_(is_kept_out))
    if only in done:
        query = query.where(done[only])
    heads = [_("Member"), _("Group"), *(str(WORDS[name]) for name in done)]
    return rows.of_query(heads, query.order_by(HoldoutMember.id), lambda row: _cells(row, reader))


def _cells(row: Any, reader: Reader) -> Sequence[Cell]:
    group = _("Kept out") if row[2] else _("Addressed")
    return reader.customer(row[0], row[1], None), Cell(group), *(Cell(_("yes") if did else "") for did in row[3:])


def _done(holdout: Holdout, at: datetime) -> dict[str, ColumnElement[bool]]:
    """What somebody on the list did, by name."""
    start, end = span(holdout, at)
    orders = book.told()
    buyers = select(orders.c.member_id).where(
        orders.c.member_id.is_not(None), orders.c.ordered_at >= start, orders.c.ordered_at < end
    )
    took_part = exists().where(
        Participant.campaign_id == holdout.campaign_id, Participant.member_id == HoldoutMember.member_id
    )
    acted = exists().where(
        Event.member_id == HoldoutMember.member_id,
        Event.kind.in_(ACTS),
        Event.occurred_at >= start,
        Event.occurred_at < end,
    )
    return {"participated": took_part, "ordered": HoldoutMember.member_id.in_(buyers), "active": acted}
