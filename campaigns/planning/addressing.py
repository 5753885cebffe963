"""Whether a campaign may speak to a fan of its own accord: the one place that every room asks before it does.

A panel beside the feed, a part of the status page, a notice, a mail: all of them address. A page that a fan opens himself
does not. Fans who were kept out of a campaign, so that its effect can be measured, are not addressed; whether they take part
is up to them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, select, true

from campaigns.planning.models import Campaign
from commons.db import db
from commons.slots import Slot

kept_out: Slot[Callable[[Any, Any], ColumnElement[bool]]] = Slot(
    "(column or id of a campaign, column or id of a member) → whether the member is kept out of it, in SQL"
)


def is_addressed(member_id: Any, campaign_id: Any = Campaign.id) -> ColumnElement[bool]:
    """Whether the campaign addresses the member, as a condition of a query: it costs no query of its own.

    Both may be columns. For no member (`None`: a stranger) and for what belongs to no campaign it holds.
    """
    if member_id is None:
        return true()
    return and_(true(), *(not_(plug(campaign_id, member_id)) for plug in kept_out))


def may_address(member_id: int, campaign_id: int) -> bool:
    """The same for one member and one campaign, before something is sent to that member."""
    return bool(db.session.scalar(select(is_addressed(member_id, campaign_id))))
