"""The facts, acts and notices of the shop in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from community.rewards.shop.models import Handing

HANDINGS = {
    Handing.PARCEL: _l("Sent by post"),
    Handing.COUNTER: _l("Collected at the counter against a code"),
    Handing.CODE: _l("A code out of a list"),
}

FACTS = {
    "reward.redeemed": _l("Redeemed “%(reward)s”"),
    "reward.handed": _l("Was given “%(reward)s”"),
    "reward.refunded": _l("Got the points for “%(reward)s” back"),
}

KINDS = {
    "reward.redeemed": _l("Reward redeemed"),
    "reward.handed": _l("Reward handed over"),
    "reward.refunded": _l("Reward given back"),
}

ACTS = {
    "reward.offered": _l("Put the reward “%(reward)s” into the points shop (%(cost)s points, %(stock)s pieces)"),
    "reward.changed": _l("Changed the reward “%(reward)s” (%(cost)s points, %(stock)s pieces)"),
    "reward.withdrawn": _l("Took the reward “%(reward)s” out of the points shop"),
    "reward.codes_added": _l("Added %(number)s codes to the reward “%(reward)s”"),
    "reward.handed": _l("Handed the reward “%(reward)s” over to a fan"),
    "reward.refunded": _l("Gave a fan the points for “%(reward)s” back: %(note)s"),
}

NOTICES = {
    "reward.sent": _l("“%(reward)s” is on its way. Parcel number: %(tracking)s"),
    "reward.sent_untracked": _l("“%(reward)s” is on its way."),
    "reward.refunded": _l("The %(points)s points for “%(reward)s” are back in your account: %(note)s"),
}


def facts() -> Mapping[str, Any]:
    return FACTS


def kinds() -> Mapping[str, Any]:
    return KINDS


def moving() -> Collection[str]:
    """The kinds of facts that move points without a rule."""
    return "reward.redeemed", "reward.refunded"


def acts() -> Mapping[str, Any]:
    return ACTS


def notices() -> Mapping[str, Any]:
    return NOTICES
