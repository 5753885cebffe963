"""Addresses go by themselves once the parcel has long arrived."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import null, or_, update

from commons import clock, jobs
from commons.db import changed
from community.rewards.shop.models import Redemption

ADDRESSES_FOR = timedelta(days=90)


@jobs.job("rewards.forget_addresses")
def forget_addresses() -> None:
    """The daily turn."""
    forget_old(clock.now())


def forget_old(at: datetime) -> int:
    """Erase the addresses of what was handed over or given back 90 days ago; how many."""
    long_ago = at - ADDRESSES_FOR
    over = or_(Redemption.handed_at < long_ago, Redemption.refunded_at < long_ago)
    return changed(update(Redemption).where(Redemption.address.is_not(None), over).values(address=null()))


jobs.every("rewards.forget_addresses", seconds=86400)
