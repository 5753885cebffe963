"""How far a post has got as a whole: the state of the delivery that most needs to be seen."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, ScalarSelect, case, select

from campaigns.posts.models import BrandPost
from campaigns.publishing.models import Delivery, DeliveryState

# What needs a person stands first, then what is on its way, then what is over.
ORDER = (
    DeliveryState.UNKNOWN,
    DeliveryState.PARTIAL,
    DeliveryState.FAILED,
    DeliveryState.MISSED,
    DeliveryState.HELD,
    DeliveryState.PUBLISHING,
    DeliveryState.IN_REVIEW,
    DeliveryState.SCHEDULED,
    DeliveryState.APPROVED,
    DeliveryState.PUBLISHED,
    DeliveryState.DRAFT,
    DeliveryState.CANCELLED,
)


def standing(states: Iterable[DeliveryState]) -> DeliveryState:
    """The state of a post whose deliveries are in these; without any it is a draft."""
    return min(states, key=ORDER.index, default=DeliveryState.DRAFT)


def rank() -> ColumnElement[int]:
    """The place of a delivery's state in `ORDER`, for queries."""
    return case({state.value: place for place, state in enumerate(ORDER)}, value=Delivery.state)


def standing_of_post() -> ScalarSelect[DeliveryState]:
    """`standing` of each row of a query on posts; NULL where nothing was ever planned."""
    first = select(Delivery.state).where(Delivery.post_id == BrandPost.id).order_by(rank(), Delivery.id).limit(1)
    return first.correlate(BrandPost).scalar_subquery()
