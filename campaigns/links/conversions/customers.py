"""Who ordered: from what a shop says of a customer to a member, or to a mark by which the same stranger is known again.

A shop may name a customer by mail address, by the SHA-256 of the address in lower case, by the member's number, by a handle
such as weibo:1234567890, or by a name of its own. An order keeps the member and a keyed hash, and never what was written; a
table that was taken in lets go of it too, at the latest after a week.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select, update

from campaigns.links.conversions.models import Conversion, OrderImport, OrderImportRow
from campaigns.links.models import Hit
from commons.accounts import addresses
from commons.accounts.models import User
from commons.crypto import derived_key
from commons.db import changed, db
from community.members.exchange.models import AwaitedMail
from community.members.merging import finding
from community.members.models import Handle, Member
from community.members.roster import by_account, member_of

LONGEST = 254
KEPT_IN_TABLES = timedelta(days=7)
MOST_AT_ONCE = 5000


@dataclass(frozen=True)
class Customer:
    """Who ordered: the member, if we know him, and the mark of what the shop said, if it said anything."""

    member_id: int | None = None
    mark: str | None = None


def customer_of(said: str, click: str = "") -> Customer:
    """The customer whom a shop means by `said`; where it says nothing, whoever was signed in at the visit `click`."""
    word = said.strip()[:LONGEST]
    if not word:
        return Customer(_by_click(click))
    mark, member = mark_of(word), _named(word)
    return Customer(member.id if member is not None else _known_by(mark), mark)


def mark_of(word: str) -> str:
    """32 hex digits: the same for a mail address and for its SHA-256, and nothing that leads back to either without our key."""
    normal = addresses.normal(word)
    plain = sha256(normal.encode()).hexdigest() if addresses.is_address(normal) else normal
    return hmac.new(derived_key("customers"), plain.encode(), sha256).hexdigest()[:32]


def recognise(mark: str, member_id: int) -> None:
    """What was ordered under this mark before anybody knew whose it is was ordered by this member."""
    mine = (Conversion.customer_mark == mark, Conversion.customer_id.is_(None))
    changed(update(Conversion).where(*mine).values(customer_id=member_id))


def welcome(user: User, _at: datetime) -> None:
    """A new fan: earlier orders under the fan's mail address are the fan's."""
    member = member_of(user)
    if member is not None and user.email:
        recognise(mark_of(user.email), member.id)


def forget(user: User) -> None:
    """The person is erased: orders stay with the nameless stub, and no mark leads there any more."""
    member = member_of(user)
    if member is not None:
        changed(update(Conversion).where(Conversion.customer_id == member.id).values(customer_mark=None))


def strike_from_tables(at: datetime) -> None:
    """Let go of what tables of orders said of customers, where it is no longer needed to mend a row."""
    said = OrderImportRow.cells["values"]["customer"].as_string()
    query = select(OrderImportRow).join(OrderImport, OrderImport.id == OrderImportRow.import_id)
    query = query.where(said != "", OrderImport.made_at < at - KEPT_IN_TABLES)
    for row in db.session.scalars(query.limit(MOST_AT_ONCE)):
        strike(row)


def strike(row: OrderImportRow) -> None:
    """Let go of what one row says of the customer."""
    row.cells = row.cells | {"values": row.cells["values"] | {"customer": ""}}


def _by_click(click: str) -> int | None:
    user_id = db.session.scalar(select(Hit.user_id).where(Hit.uid == click)) if click else None
    member = by_account(user_id) if user_id is not None else None
    return member.id if member is not None else None


def _named(word: str) -> Member | None:
    """The member by mail address, number or handle."""
    channel, colon, account = (part.strip() for part in word.partition(":"))
    if addresses.is_address(addresses.normal(word)):
        return _by_mail(addresses.normal(word))
    query = select(Member).where(Member.public_id == word.lower())
    if colon:
        query = select(Member).join(Handle, Handle.member_id == Member.id)
        query = query.where(Handle.channel == channel.lower(), Handle.external_id == account)
    found = db.session.scalars(query).one_or_none()
    return finding.self_of(found) if found is not None else None


def _by_mail(mail: str) -> Member | None:
    user_id = db.session.scalar(select(User.id).where(User.email == mail))
    if user_id is not None:
        return by_account(user_id)
    awaited = db.session.scalar(select(AwaitedMail.member_id).where(AwaitedMail.mail == mail))
    return finding.by_id(awaited) if awaited is not None else None


def _known_by(mark: str) -> int | None:
    """Whom this mark led to before."""
    mine = (Conversion.customer_mark == mark, Conversion.customer_id.is_not(None))
    return db.session.scalar(select(Conversion.customer_id).where(*mine).limit(1))
