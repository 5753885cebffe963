"""After a hold: what becomes of each post that fell into it, one by one or all alike."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _

from campaigns.posts.planner.slots import apart_of, rules
from campaigns.publishing import holding, scheduling
from campaigns.publishing.models import Delivery, DeliveryState
from commons import zones
from commons.accounts.models import User
from commons.db import db
from commons.errors import Conflict, DomainError, Invalid


class Act(enum.StrEnum):
    """`ask` leaves it held. `one_by_one` sends now, but on each channel as far apart as the team has agreed on."""

    ASK = "ask"
    NOW = "now"
    ONE_BY_ONE = "one_by_one"
    MOVE = "move"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Choice:
    """What to do with one post; `when` (a wall clock in `zone`) goes with `move`."""

    act: Act
    when: datetime | None = None
    zone: str = ""


@dataclass(slots=True)
class Outcome:
    """How many posts are settled, how many of these wait for approval first, and a sentence about each that stays held."""

    done: int = 0
    in_review: int = 0
    refused: list[str] = field(default_factory=list)


def choices_from(form: Mapping[str, str], deliveries: Sequence[Delivery], zone: str) -> dict[int, Choice]:
    """From the fields `act-<id>` and `when-<id>`, and `act-all`, `when-all` for those about which nothing was said."""
    return {one.id: _choice(form, one.public_id, zone) for one in deliveries}


def settle(deliveries: Sequence[Delivery], choices: Mapping[int, Choice], *, by: User, at: datetime) -> Outcome:
    """Do what was chosen. What cannot be done stays held. Flushed."""
    places: Counter[int] = Counter()
    outcome = Outcome()
    for delivery in deliveries:
        choice = choices[delivery.id]
        if choice.act is Act.ASK:
            continue
        try:
            with db.session.begin_nested():
                _settle(delivery, choice, places, by, at)
            outcome.done += 1
            outcome.in_review += delivery.state is DeliveryState.IN_REVIEW
        except DomainError as refusal:
            text = delivery.post.text[:40]
            outcome.refused.append(_("“%(text)s”: %(words)s", text=text, words=refusal.in_full))
    return outcome


def _settle(delivery: Delivery, choice: Choice, places: Counter[int], by: User, at: datetime) -> None:
    db.session.refresh(delivery, with_for_update={"of": Delivery})
    if delivery.state is not DeliveryState.HELD:
        return  # somebody else was faster
    zone = delivery.zone or by.zone
    if choice.act is Act.CANCEL:
        scheduling.cancel(delivery, by=by, at=at)
    elif choice.act is Act.MOVE:
        if choice.when is None:
            raise Invalid(_("Choose when it goes out."))
        scheduling.move(delivery, choice.when, choice.zone or zone, by=by, at=at)
    elif hold := holding.hold_over(delivery, at):
        raise Conflict(_("Another hold keeps it back: %(reason)s", reason=hold.reason))
    else:
        turn = places[delivery.account_id] if choice.act is Act.ONE_BY_ONE else 0
        places[delivery.account_id] += 1
        wait = turn * apart_of(rules())
        if wait:
            scheduling.move(delivery, zones.to_local(at + wait, zone), zone, by=by, at=at)
        else:
            scheduling.publish_now(delivery.post, delivery.account, zone, by=by, at=at)


def _choice(form: Mapping[str, str], public_id: str, zone: str) -> Choice:
    own = form.get(f"act-{public_id}", "")
    name = public_id if own else "all"
    said = own or form.get("act-all", "")
    act = Act(said) if said in set(Act) else Act.ASK
    return Choice(act, _moment(form.get(f"when-{name}", "")), zone)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError:
        return None
