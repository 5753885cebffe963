"""A feed as iCalendar (RFC 5545): one event for each delivery that has a time, in UTC.

The id of an event never changes. Its sequence counts what happened to the delivery and the saves of its post, so that it
grows with every change; what was cancelled stays for a while, marked so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from icalendar import Calendar
from icalendar import Event as CalendarEvent
from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from campaigns.posts.feeds.making import title_of
from campaigns.posts.feeds.models import CalendarFeed
from campaigns.posts.models import BrandPost
from campaigns.publishing.content import texts_on
from campaigns.publishing.models import Delivery, DeliveryState
from commons import i18n
from commons.admin import brand
from commons.db import db
from commons.events import Event
from commons.web import absolute_url

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MOST = 2000
EXCERPT = 80
LASTS = timedelta(minutes=15)
ASK_AGAIN = timedelta(hours=1)

STATUS: Mapping[DeliveryState, str] = {
    DeliveryState.CANCELLED: "CANCELLED",
    DeliveryState.DRAFT: "TENTATIVE",
    DeliveryState.IN_REVIEW: "TENTATIVE",
    DeliveryState.HELD: "TENTATIVE",
    DeliveryState.UNKNOWN: "TENTATIVE",
}
# A calendar has no status for what went wrong, so these say it in the title.
SAID_FIRST = frozenset(
    {DeliveryState.HELD, DeliveryState.PARTIAL, DeliveryState.UNKNOWN, DeliveryState.FAILED, DeliveryState.MISSED}
)


@dataclass(frozen=True)
class Told:
    """What is known of the changes of a delivery: how many facts there are, and when the last one was."""

    count: int
    last: datetime | None


def written(feed: CalendarFeed, at: datetime) -> bytes:
    """The whole feed, in the language of whoever made it."""
    with force_locale(feed.made_by.language or i18n.DEFAULT_LANGUAGE):
        deliveries = _deliveries(feed, at)
        told = _told(deliveries)
        calendar = _calendar(feed)
        for delivery in deliveries:
            calendar.add_component(_event(delivery, told.get(delivery.id, Told(0, None))))
        return bytes(calendar.to_ical())


def _deliveries(feed: CalendarFeed, at: datetime) -> list[Delivery]:
    """What is still ahead comes first: where there is more than fits, what is longest over is left out."""
    ahead = _query(feed).where(Delivery.due_at >= at, Delivery.due_at < at + AHEAD).order_by(Delivery.due_at)
    behind = _query(feed).where(Delivery.due_at >= at - BACK, Delivery.due_at < at).order_by(Delivery.due_at.desc())
    found = list(db.session.scalars(ahead.limit(MOST)).unique())
    return found + list(db.session.scalars(behind.limit(MOST - len(found))).unique())


def _query(feed: CalendarFeed) -> Select[Delivery]:
    post = contains_eager(Delivery.post)
    loaded = (post.joinedload(BrandPost.campaign), post.selectinload(BrandPost.variants))
    query = select(Delivery).join(Delivery.post).options(*loaded)
    if feed.account_id is not None:
        query = query.where(Delivery.account_id == feed.account_id)
    if feed.campaign_id is not None:
        query = query.where(BrandPost.campaign_id == feed.campaign_id)
    return query


def _told(deliveries: Sequence[Delivery]) -> dict[int, Told]:
    ids = [delivery.id for delivery in deliveries]
    query = (
        select(Event.subject_id, func.count(), func.max(Event.occurred_at))
        .where(Event.subject_type == Delivery.__tablename__, Event.subject_id.in_(ids))
        .group_by(Event.subject_id)
    )
    return {subject: Told(count, last) for subject, count, last in db.session.execute(query) if subject is not None}


def _calendar(feed: CalendarFeed) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Quanzi//posts//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{title_of(feed)} · {brand.shown().name}")
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar


def _event(delivery: Delivery, told: Told) -> CalendarEvent:
    assert delivery.due_at is not None
    post, address = delivery.post, absolute_url("posts.edit", public_id=delivery.post.public_id)
    changed = max(filter(None, (post.changed_at, told.last, delivery.published_at)))
    begins = delivery.published_at or delivery.due_at
    event = CalendarEvent()
    event.add("uid", f"{delivery.public_id}@{urlsplit(address).hostname}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", told.count + post.revision + (delivery.published_at is not None))
    event.add("dtstart", begins)
    event.add("dtend", begins + LASTS)
    event.add("summary", _summary(delivery))
    event.add("description", _description(delivery, address))
    event.add("url", address)
    event.add("status", STATUS.get(delivery.state, "CONFIRMED"))
    event.add("transp", "TRANSPARENT")
    if post.campaign is not None:
        event.add("categories", [post.campaign.title])
    return event


def _summary(delivery: Delivery) -> str:
    words = f"{_short(texts_on(delivery.post, delivery.account)[0])} · {delivery.account.name}"
    return f"{_state_words(delivery.state)} · {words}" if delivery.state in SAID_FIRST else words


def _description(delivery: Delivery, address: str) -> str:
    lines = [
        str(_("State: %(state)s", state=_state_words(delivery.state))),
        str(_("Channel: %(name)s", name=delivery.account.name)),
    ]
    if delivery.post.campaign is not None:
        lines.append(str(_("Campaign: %(name)s", name=delivery.post.campaign.title)))
    return "\n".join([*lines, address])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return (line if len(line) <= EXCERPT else f"{line[:EXCERPT]}…") or str(_("(no text yet)"))


def _state_words(state: DeliveryState) -> str:
    marks = current_app.jinja_env.get_template("components/marks.html").make_module({})
    return str(marks.state_word(state.value)).strip()  # type: ignore[attr-defined]
