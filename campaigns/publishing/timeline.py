"""What happened to a delivery, in order: who planned it, every try, how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import or_, select

from campaigns.publishing.models import (
    INTERRUPTED,
    LATE,
    LEFT,
    NOT_APPROVED,
    Attempt,
    AttemptOutcome,
    Delivery,
)
from campaigns.publishing.trying_words import try_words
from commons import i18n
from commons.accounts.models import User
from commons.db import db
from commons.events import Event


@dataclass(frozen=True)
class Entry:
    """One line: when, a sentence, who (None: the machine), further words, and the look of it."""

    at: datetime
    words: str
    who: str | None
    more: str
    icon: str


def timeline_of(delivery: Delivery) -> list[Entry]:
    """Everything that is known about a delivery, oldest first."""
    return sorted((*_acts(delivery), *_tries(delivery)), key=lambda entry: entry.at)


def reason_of(delivery: Delivery) -> str:
    """Why it stands as it does, in words; empty when there is nothing to say."""
    if delivery.reason == LATE:
        minutes = delivery.lateness_limit // 60
        words = ngettext(
            "It could not be sent within %(num)s minute of its time, so it was not sent at all.",
            "It could not be sent within %(num)s minutes of its time, so it was not sent at all.",
            minutes,
        )
        return str(words)
    if delivery.reason == NOT_APPROVED:
        return str(_("Nobody approved it before its time, so it was not sent."))
    if delivery.reason == INTERRUPTED:
        return str(_("Something broke on our side each time we tried. Nothing was sent."))
    if delivery.reason == LEFT:
        return str(_("Somebody decided that the part which is out is enough."))
    return delivery.reason


def lateness_words(seconds: float) -> str:
    """How long after its moment something went out, to the second."""
    if seconds < 1:
        return str(_("on its second"))
    return str(ngettext("%(num)s second after its time", "%(num)s seconds after its time", round(seconds)))


def _acts(delivery: Delivery) -> Iterator[Entry]:
    about = (Event.subject_type == Delivery.__tablename__) & (Event.subject_id == delivery.id)
    live = Event.key == f"post.published:{delivery.public_id}"
    query = (
        select(Event, User.name).outerjoin(User, User.id == Event.actor_id).where(or_(about, live)).order_by(Event.id)
    )
    for event, who in db.session.execute(query):
        words, icon = _said(event)
        yield Entry(event.occurred_at, words, who, _more(event, delivery), icon)


def _said(event: Event) -> tuple[str, str]:
    return {
        "post.scheduled": (_("Scheduled"), "clock"),
        "post.moved": (_("Moved"), "calendar-time"),
        "post.cancelled": (_("Cancelled"), "ban"),
        "post.taken_back": (_("Made a draft again"), "pencil"),
        "post.published": (_("Published"), "circle-check"),
        "post.failed": (_("Failed"), "alert-circle"),
        "post.missed": (_("Missed"), "clock-x"),
        "post.held": (_("Held"), "player-pause"),
        "post.let_through": (_("Sent although everything else is held"), "send"),
        "post.unknown": (_("Unclear whether it is out"), "help-circle"),
        "post.partial": (_("Stopped half-way"), "circle-half"),
        "post.said_live": (_("Said to be out"), "link"),
        "post.said_not_there": (_("Said not to be there: sent again"), "repeat"),
        "post.check_again": (_("Looked for once more"), "search"),
        "post.rest_sent": (_("The rest is sent"), "send"),
        "post.left_so": (_("Left as it is"), "check"),
        "post.submitted": (_("Sent for approval"), "eye-check"),
        "approval.sent_back": (_("Not what was approved any more: waits for approval again"), "eye-check"),
    }.get(event.kind, (event.kind, "circle-dot"))


def _more(event: Event, delivery: Delivery) -> str:
    payload = event.payload
    if event.kind in {"post.scheduled", "post.moved"} and payload.get("wall_clock"):
        wall_clock = i18n.wall_clock_words(str(payload["wall_clock"]))
        words = _("to %(time)s, %(zone)s") if event.kind == "post.moved" else _("for %(time)s, %(zone)s")
        return str(words % {"time": wall_clock, "zone": payload["zone"]})
    if event.kind == "post.published":
        return lateness_words(float(payload.get("lateness") or 0))
    if event.kind == "post.held":
        return str(payload.get("reason") or "")
    return str(payload.get("url") or "")


def _tries(delivery: Delivery) -> Iterator[Entry]:
    """Tries that came to nothing; the one that worked is told by its fact."""
    for attempt in _attempts(delivery):
        if attempt.outcome is not AttemptOutcome.PUBLISHED:
            words = _("Try %(number)s: %(words)s", number=attempt.number, words=try_words(attempt))
            yield Entry(attempt.started_at, words, None, attempt.answer.partition("\n")[0][:200], "refresh")


def _attempts(delivery: Delivery) -> Sequence[Attempt]:
    return db.session.scalars(select(Attempt).where(Attempt.delivery_id == delivery.id).order_by(Attempt.number)).all()
