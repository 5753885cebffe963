"""Facts about deliveries, as timelines, rules and the audit log read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaigns.publishing.models import Delivery
from commons import events
from commons.accounts.models import User
from commons.db import db, random_id


def tell(kind: str, delivery: Delivery, at: datetime, *, by: User | None = None, **more: Any) -> None:
    """Something has become of a delivery, through a person or by itself: a fact of its own each time. Flushed."""
    db.session.flush()
    events.track(
        kind,
        key=f"{kind}:{delivery.public_id}:{random_id()}",
        at=at,
        actor_id=by.id if by else None,
        subject=delivery,
        campaign_id=delivery.post.campaign_id,
        payload={**about(delivery), **more},
    )


def about(delivery: Delivery) -> dict[str, object]:
    """What every fact about a delivery says of it."""
    return {"post": delivery.post.public_id, "delivery": delivery.public_id, "text": delivery.post.text[:80]}
