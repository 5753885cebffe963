"""The words of this room: facts, notices, the states of a seat and why one goes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.groupbuys.models import GroupBuyKind, SeatState, Why

SEATS = _l("Group-buy seats")
CHEAPER = "group_buy.cheaper"

KINDS: Mapping[GroupBuyKind, Any] = {
    GroupBuyKind.OPEN: _l("One group for everybody"),
    GroupBuyKind.TEAMS: _l("Teams that fans lead"),
    GroupBuyKind.MARKET: _l("On a marketplace"),
}
STATES: Mapping[SeatState, tuple[Any, str, str]] = {
    SeatState.HELD: (_l("Seat held"), "info", "clock"),
    SeatState.PAID: (_l("Paid"), "good", "check"),
    SeatState.LATE_PAID: (_l("Paid late"), "good", "check"),
    SeatState.CONFIRMED: (_l("Certain"), "good", "circle-check"),
    SeatState.RELEASED: (_l("Given back"), "neutral", "arrow-back-up"),
    SeatState.REFUNDING: (_l("Money on its way back"), "warn", "clock"),
    SeatState.REFUNDED: (_l("Refunded"), "neutral", "arrow-back-up"),
}
"""Words, tone and icon of each state."""
NEXT: Mapping[SeatState, Any] = {
    SeatState.HELD: _l("Pay before the hold ends, else the seat goes to others."),
    SeatState.PAID: _l("Nothing to do. At the deadline it is decided whether the group comes about."),
    SeatState.LATE_PAID: _l("Nothing to do. At the deadline it is decided whether the group comes about."),
    SeatState.CONFIRMED: _l("Nothing to do. You are told when it has been delivered."),
    SeatState.RELEASED: _l("Nothing is owed. While the group buy is open you can join again."),
    SeatState.REFUNDING: _l("Nothing to do. You are told when the money is back."),
    SeatState.REFUNDED: _l("The money is back with you."),
}
"""What a fan does next."""
PROMISED = _l("Nothing to do. If the group comes about, you buy at this price.")
ARRIVED = _l("It has arrived. Say what it is like: whatever you say, it earns the same.")
WHY: Mapping[Why, Any] = {
    Why.LEFT: _l("You gave the seat back"),
    Why.EXPIRED: _l("Not paid in time"),
    Why.VOID: _l("Not enough people joined"),
    Why.CALLED_OFF: _l("The brand called it off"),
    Why.STOCK_OUT: _l("Not enough in stock"),
    Why.NO_SEAT: _l("No seat was free any more"),
}


def given_back(why: Why) -> str:
    """The name under which a refund keeps why the seat was given back."""
    return f"group_buy.{why.value}"


def reasons() -> Mapping[str, Any]:
    """Why money goes back to who had a seat."""
    words = {**WHY, Why.LEFT: _l("The seat was given back")}
    return {CHEAPER: _l("The price fell because more people joined"), **{given_back(why): words[why] for why in Why}}


def facts() -> Mapping[str, Any]:
    """What a member did, or what became of it."""
    return {
        "group_buy.joined": _l("Joined the group buy “%(title)s”"),
        "group_buy.left": _l("Left the group buy “%(title)s”"),
        "group_buy.reached": _l("The group buy “%(title)s” came about"),
        "group_buy.voided": _l("The group buy “%(title)s” did not come about"),
        "group_buy.delivered": _l("Received “%(title)s” from a group buy"),
    }


def kinds() -> Mapping[str, Any]:
    return {
        "group_buy.joined": _l("Group buy joined"),
        "group_buy.left": _l("Group buy left"),
        "group_buy.reached": _l("Group buy came about"),
        "group_buy.voided": _l("Group buy did not come about"),
        "group_buy.delivered": _l("Group buy delivered"),
    }


def acts() -> Mapping[str, Any]:
    """What the team did, for the audit log."""
    return {
        "group_buy.opened": _l("Opened the group buy “%(title)s”"),
        "group_buy.cancelled": _l("Called the group buy “%(title)s” off"),
        "group_buy.settled": _l("The group buy “%(title)s” was settled"),
        "group_buy.filled": _l("Took %(count)s seats for the brand in the group buy “%(title)s”"),
        "group_buy.lowered": _l("Lowered the seats of the group buy “%(title)s” to %(seats)s"),
        "group_buy.delivered": _l("Marked a seat in the group buy “%(title)s” as delivered"),
    }


def notices() -> Mapping[str, Any]:
    return {
        "group_buy.reached": _l("The group buy “%(title)s” came about."),
        "group_buy.cheaper": _l(
            "The group buy “%(title)s” came about at a lower price: %(amount)s is on its way back to you."
        ),
        "group_buy.voided": _l("“%(title)s”: %(reason)s. Whatever you paid goes back to you in full."),
        "group_buy.expired": _l(
            "The time to pay for “%(title)s” is over, and the seat is free for others. Money that still comes takes a free seat, or goes back to you."
        ),
        "group_buy.stock_out": _l(
            "There is less of “%(title)s” than we promised: %(reason)s. Who came last has no seat, and you are among them. Whatever you paid goes back to you in full."
        ),
        "group_buy.too_late": _l(
            "Your money for “%(title)s” came when no seat was free any more. It is on its way back to you in full."
        ),
        "group_buy.refunded": _l("Your money for “%(title)s” is back with you."),
        "group_buy.now_leads": _l("The leader of your team for “%(title)s” has left. You lead it now."),
        "group_buy.delivered": _l("“%(title)s” has arrived. What is it like? Whatever you say earns the same."),
    }


def topics() -> Mapping[str, Any]:
    return {"group_buy": _l("Group buys")}
