"""Facts and notices about group buys, written in the transaction of what they are about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaigns.groupbuys import market, wording
from campaigns.groupbuys.models import GroupBuy, GroupBuyState, Seat, Team, Why
from campaigns.links.conversions.models import Conversion
from commons import events, i18n
from commons.accounts.models import User
from commons.money import Money
from community.notices import telling

REVIEW = "/circle/submit"
VOIDING = {Why.VOID, Why.CALLED_OFF, Why.STOCK_OUT}


def name_of(group_buy: GroupBuy) -> str:
    """The offer as payments name it."""
    return f"group_buy.{group_buy.public_id}"


def acted(kind: str, group_buy: GroupBuy, at: datetime, *, by: User | None, again: str = "", **more: Any) -> None:
    """What became of an offer, or what somebody of the team did with it. `again` tells acts apart that may come often."""
    payload = {"title": group_buy.title, "state": group_buy.state.value, "taken": group_buy.taken, **more}
    events.track(
        kind,
        key=f"{kind}:{group_buy.public_id}{again}",
        at=at,
        actor_id=by.id if by else None,
        subject=group_buy,
        campaign_id=group_buy.campaign_id,
        payload=payload,
    )


def joined(seat: Seat, at: datetime) -> None:
    """The seat counts: it is promised, or paid for."""
    link = seat.link
    key = f"group_buy.joined:{seat.public_id}:{seat.joined_at.isoformat()}"
    _happened("group_buy.joined", seat, at, key=key, link=link.slug if link else None)


def gone(seat: Seat, why: Why, at: datetime, *, counted: bool, details: str = "") -> None:
    """The member has the seat no longer."""
    if why is Why.EXPIRED:
        notify("group_buy.expired", seat, at)
    elif why is Why.STOCK_OUT:
        notify("group_buy.stock_out", seat, at, reason=details)
    elif why in VOIDING:
        notify("group_buy.voided", seat, at, reason=_reason(why))
    if counted and why in VOIDING:
        _happened("group_buy.voided", seat, at, key=f"group_buy.voided:{_this_time(seat)}")
    elif counted and why is Why.LEFT:
        _left(seat, at)


def came_about(seat: Seat, back: Money | None, at: datetime) -> None:
    """The group came about; `back` is what is returned because the price fell."""
    _happened("group_buy.reached", seat, at, key=f"group_buy.reached:{seat.public_id}")
    if back is None:
        notify("group_buy.reached", seat, at)
    else:
        notify("group_buy.cheaper", seat, at, amount=i18n.in_both_languages(lambda: i18n.money_words(back)))


def refunded(seat: Seat, at: datetime) -> None:
    notify("group_buy.refunded", seat, at)


def leads(team: Team, heir: Seat, at: datetime) -> None:
    """Whoever led the team has left; this member leads it now."""
    details = {"title": team.group_buy.title}
    key = f"group_buy.now_leads:{team.public_id}:{heir.public_id}:{at.isoformat()}"
    telling.tell(heir.member_id, "group_buy.now_leads", key=key, at=at, url=team.url, details=details)


def delivered(seat: Seat, by: User, at: datetime) -> None:
    """It has arrived: the buyer is asked what it is like. Whatever the answer is, it earns the same."""
    _happened("group_buy.delivered", seat, at, key=f"group_buy.delivered:{seat.public_id}", by=by)
    notify("group_buy.delivered", seat, at, url=REVIEW)


def order_delivered(order: Conversion, offer: GroupBuy, by: User, at: datetime) -> bool:
    """What a member ordered on a marketplace has arrived: told as for a seat, once for each order. Whether it was new."""
    assert order.customer_id is not None
    key, said = f"{market.DELIVERED}{order.public_id}", {"title": offer.title}
    fact = events.track(
        "group_buy.delivered",
        key=key,
        at=at,
        member_id=order.customer_id,
        actor_id=by.id,
        subject=offer,
        campaign_id=offer.campaign_id,
        payload=said,
    )
    if fact is not None:
        telling.tell(order.customer_id, "group_buy.delivered", key=key, at=at, url=REVIEW, details=said)
    return fact is not None


def notify(kind: str, seat: Seat, at: datetime, *, url: str = "", **details: Any) -> None:
    """A sentence to the member, once for each kind and each time that he took the seat."""
    telling.tell(
        seat.member_id,
        kind,
        key=f"{kind}:{_this_time(seat)}",
        at=at,
        url=url or seat.group_buy.url,
        details={"title": seat.group_buy.title, **details},
    )


def no_seat(seat: Seat, at: datetime) -> None:
    """Money came late, and there is no seat for it any more."""
    notify("group_buy.too_late", seat, at)


def why_over(group_buy: GroupBuy) -> Why:
    return Why.CALLED_OFF if group_buy.state is GroupBuyState.CANCELLED else Why.VOID


def _left(seat: Seat, at: datetime) -> None:
    """What joining had earned goes back with it."""
    offer = seat.group_buy
    before = events.latest("group_buy.joined", member_id=seat.member_id, subject=offer)
    key = f"group_buy.left:{before.id if before else _this_time(seat)}"
    _happened("group_buy.left", seat, at, key=key, joined_event_id=before.id if before else None)


def _happened(kind: str, seat: Seat, at: datetime, *, key: str, by: User | None = None, **more: Any) -> None:
    offer = seat.group_buy
    events.track(
        kind,
        key=key,
        at=at,
        member_id=seat.member_id,
        actor_id=by.id if by else None,
        subject=offer,
        campaign_id=offer.campaign_id,
        payload={"title": offer.title, **more},
    )


def _this_time(seat: Seat) -> str:
    return f"{seat.public_id}:{seat.joined_at.isoformat()}"


def _reason(why: Why) -> dict[str, str]:
    return i18n.in_both_languages(lambda: wording.WHY[why])
