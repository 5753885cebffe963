"""One change at a time: who began from an older state is refused, and told what has changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import class_mapper

from campaigns.planning.models import Campaign, Part
from commons import events, zones
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict
from commons.money import Money

Described = Mapping[str, str]
Differences = Sequence[tuple[str, str, str]]

# What is kept for the house itself: nobody types it.
_OWN_AFFAIRS = {"id", "public_id", "campaign_id", "revision", "lead_id", "created_at", "launched_at", "cancelled_at"}
_OWN_AFFAIRS |= {"ended_at", "planned_end_at", "begun_at", "asked_at", "reminded_at", "done_by_id"}


@dataclass(frozen=True)
class Change:
    """What somebody changed: for each field its name, what it was and what it became, as `described` writes them."""

    who: str
    at: datetime
    differences: Differences


class Stale(Conflict):
    """The thing has been changed since it was read. `changes` says by whom and what, oldest first."""

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(
            _("Somebody else has changed this meanwhile."),
            _("Look at what is different now. If you save again, what you have typed is taken."),
        )
        self.changes = changes


def check(thing: Campaign | Part, revision: int | None) -> None:
    """Raises `Stale` when the thing has moved on since `revision`; None stands for somebody who has only just read it."""
    if revision is not None and revision != thing.revision:
        raise Stale(changes_since(thing, revision))


def described(thing: Campaign | Part) -> Described:
    """What people have said about a thing, in words that need no language: moments on the clock of the campaign's zone."""
    campaign = thing if isinstance(thing, Campaign) else thing.campaign
    names = [column.key for column in class_mapper(type(thing)).column_attrs if column.key not in _OWN_AFFAIRS]
    told = {name: _word(name, getattr(thing, name), campaign) for name in names}
    if isinstance(thing, Campaign):
        told["goal_participants"] = str(thing.goal_participants)
    return told


def differences(before: Described, after: Described) -> Differences:
    return [(name, before.get(name, ""), word) for name, word in after.items() if before.get(name, "") != word]


def changes_since(thing: Campaign | Part, revision: int) -> list[Change]:
    """What was changed after the state that had this `revision`."""
    facts = [fact for fact in events.of_subject(thing) if fact.payload.get("revision", 0) > revision]
    actors = {fact.actor_id for fact in facts if fact.actor_id is not None}
    names = {user.id: user.name for user in (db.session.get_one(User, actor) for actor in actors)}
    return [
        Change(
            names.get(fact.actor_id or 0, "—"),
            fact.occurred_at,
            [(name, was, became) for name, was, became in fact.payload.get("changes", ())],
        )
        for fact in facts
    ]


def _word(name: str, value: Any, campaign: Campaign) -> str:
    if isinstance(value, datetime):
        return f"{zones.to_local(value, campaign.zone):%Y-%m-%d %H:%M}"
    if name.endswith("_minor"):
        return f"{Money(value, campaign.currency).amount} {campaign.currency}"
    if name == "owner_id":
        return db.session.get_one(User, value).name
    if isinstance(value, bool):
        return "+" if value else "–"
    return "" if value is None else str(value)
