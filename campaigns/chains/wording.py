"""Chains in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from campaigns.chains.models import Way

WAYS = {
    Way.LINK: _l("By a personal link"),
    Way.INVITATION: _l("By an invitation code"),
    Way.GROUP_BUY: _l("Into a group buy"),
}
OUTCOMES = {
    "campaign.joined": _l("Took part in campaigns"),
    "group_buy.joined": _l("Joined group buys"),
    "link.ordered": _l("Orders by their links"),
}


def facts() -> Mapping[str, Any]:
    """What a member did."""
    return {"chain.brought": _l("Brought somebody into the circle, %(depth)s steps away")}


def kinds() -> Mapping[str, Any]:
    return {"chain.brought": _l("Somebody brought into the circle")}


def acts() -> Mapping[str, Any]:
    """What the team did."""
    return {"chain.reward_depth_set": _l("Set how many steps away people count as brought: %(depth)s")}
