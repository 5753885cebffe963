"""Two selves of one person, a stranger on Weibo, and staff who may bring them together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role
from community.channels.models import ChannelAccount
from community.loyalty.accounts import balances
from community.loyalty.models import Currency
from community.members.merging import joining, selves
from community.members.merging.models import Merge, Proof
from community.members.models import Handle, Member
from tests.community.inbox.factories import come_in, make_account
from tests.factories import NOON, make_staff

REASON = "同一个人，已电话核实"


def make_clerk() -> User:
    """Staff who may merge members."""
    return make_staff(Role.SERVICE_AGENT)


def weibo() -> ChannelAccount:
    return make_account("teahouse", "weibo")


def stranger_says(account: ChannelAccount, *ids: str, name: str = "茶客小满", at: datetime = NOON) -> Handle:
    """Somebody unknown comments on the brand's account; the handle of whoever it was."""
    come_in(account, *ids, at=at, author_external_id=f"id of {name}", author_name=name, occurred_at=at)
    return db.session.scalars(select(Handle).where(Handle.external_id == f"id of {name}")).one()


def merge(kept: Member, other: Member, by: User, at: datetime = NOON) -> Merge:
    return selves.merge(kept, other, by=by, at=at, proof=Proof.STAFF, reason=REASON)


def split(merged: Merge, by: User, at: datetime = NOON) -> Merge:
    return selves.split(merged, by=by, at=at, reason=REASON)


def join(handle: Handle, member: Member, at: datetime = NOON) -> Handle:
    """The fan proved the handle."""
    assert member.user is not None
    return joining.join_handle(handle, member, by=member.user, at=at, proof=Proof.NETWORK)


def has(*members: Member) -> list[tuple[int, int]]:
    """(growth, points) of each."""
    found = balances([member.id for member in members])
    return [(found[member.id, Currency.GROWTH], found[member.id, Currency.POINTS]) for member in members]
