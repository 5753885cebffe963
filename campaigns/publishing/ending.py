"""How a delivery ends: it stands on the channel, or it does not and says why. Each end is a fact."""

from __future__ import annotations

from datetime import datetime

from campaigns.publishing.models import Delivery, DeliveryState
from campaigns.publishing.telling import about, tell
from commons import events
from commons.db import db
from community.channels.models import ChannelPost


def stand(delivery: Delivery, live: ChannelPost, at: datetime) -> None:
    """All of it stands on the channel, as `live`. Flushed."""
    delivery.state, delivery.reason = DeliveryState.PUBLISHED, ""
    delivery.published_at, delivery.channel_post = at, live
    delivery.lease = delivery.lease_until = None
    db.session.flush()
    events.track(
        "post.published",
        key=f"post.published:{delivery.public_id}",
        at=at,
        subject=live,
        campaign_id=delivery.post.campaign_id,
        payload={**about(delivery), "lateness": delivery.lateness},
    )


def end(delivery: Delivery, state: DeliveryState, reason: str, at: datetime) -> None:
    """It does not go on by itself. Flushed."""
    delivery.state, delivery.reason = state, reason[:300]
    delivery.lease = delivery.lease_until = None
    tell(f"post.{state.value}", delivery, at, reason=delivery.reason)
