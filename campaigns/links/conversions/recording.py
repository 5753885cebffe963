"""Writing orders down: each once, whoever tells it how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.links.conversions import customers
from campaigns.links.conversions.models import ORDER_LENGTH, Conversion, Source
from campaigns.links.domains.models import LinkDomain
from campaigns.links.making import SLUG, normal_slug
from campaigns.links.models import Hit, Link
from commons import events
from commons.db import db, insert_new, random_id
from commons.errors import Invalid
from commons.events import Evidence
from commons.money import Money


@dataclass(frozen=True)
class Order:
    """An order as it is told. `click` is the visit that it names, as the target learnt it; `customer` is what the shop calls
    the customer (see `customers`). Both may be empty.
    """

    number: str
    link: Link
    amount: Money
    ordered_at: datetime
    click: str = ""
    customer: str = ""


def record(order: Order, source: Source, at: datetime) -> tuple[Conversion, bool]:
    """Keep an order; with it, whether it was new. What was told first stays. `Invalid` for an order without a number."""
    number = checked_number(order.number)
    customer = customers.customer_of(order.customer, order.click)
    row = {
        "public_id": random_id(),
        "order": number,
        "link_id": order.link.id,
        "hit_uid": order.click or None,
        "amount_minor": order.amount.minor,
        "currency": order.amount.currency,
        "ordered_at": order.ordered_at,
        "recorded_at": at,
        "source": source,
        "customer_id": customer.member_id,
        "customer_mark": customer.mark,
    }
    is_new = insert_new(Conversion, row) is not None
    conversion = db.session.scalars(select(Conversion).where(Conversion.order == number)).one()
    if is_new:
        if customer.mark and customer.member_id is not None:
            customers.recognise(customer.mark, customer.member_id)
        _tell(conversion, at)
    return conversion, is_new


def checked_number(number: str) -> str:
    number = number.strip()
    if not number or len(number) > ORDER_LENGTH or not number.isprintable():
        raise Invalid(_("An order has a number of at most %(count)s characters.", count=ORDER_LENGTH))
    return number


def link_named(words: str) -> Link | None:
    """The link that somebody means by its address, its ending on the house's domain, or its public id; also an ended one."""
    words = words.strip()
    host, slug = _parts(words) if "/" in words else ("", words)
    slug = normal_slug(slug)
    if not SLUG.fullmatch(slug):
        return None
    query = select(Link).where(Link.slug == slug)
    if host:
        found = query.join(LinkDomain, LinkDomain.id == Link.domain_id).where(LinkDomain.host == host)
    else:
        found = query.where(Link.domain_id.is_(None))
    by_slug = db.session.scalars(found).one_or_none()
    if by_slug is not None or host or not slug.isascii() or not slug.isalnum():
        return by_slug
    return db.session.scalars(select(Link).where(Link.public_id == slug)).one_or_none()


def link_of_click(click: str) -> Link | None:
    """The link through which a visit went; None for a visit that is not known (yet)."""
    if not is_click(click):
        return None
    return db.session.scalars(select(Link).join(Hit, Hit.link_id == Link.id).where(Hit.uid == click)).one_or_none()


def is_click(click: str) -> bool:
    return 0 < len(click) <= 32 and click.isascii() and click.isalnum()


def _parts(address: str) -> tuple[str, str]:
    """Host (empty for the house) and ending of a short address."""
    parts = urlsplit(address if "://" in address else f"https://{address.lstrip('/')}")
    house = urlsplit(current_app.config["BASE_URL"]).netloc
    path = unquote(parts.path)
    if address.startswith("/l/") or (parts.netloc == house and path.startswith("/l/")):
        return "", (unquote(address) if address.startswith("/l/") else path).removeprefix("/l/")
    return (parts.hostname or "-").lower(), path.strip("/")


def _tell(conversion: Conversion, at: datetime) -> None:
    link = conversion.link
    member = link.member if link.member is not None and link.member.erased_at is None else None
    events.track(
        "link.ordered",
        key=f"link.ordered:{conversion.public_id}",
        at=conversion.ordered_at,
        member_id=member.id if member else None,
        subject=link,
        campaign_id=link.campaign_id,
        evidence=Evidence.TRACKED_LINK,
        payload={"slug": link.slug, "order": conversion.order},
    )
