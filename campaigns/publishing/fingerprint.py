"""What approval binds: everything that will be sent for a delivery, as JSON, and the hash of it.

Not in it: the time (it is kept beside, with a tolerance), names that only we see, and keys of the sending itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from campaigns.links.making import destination
from campaigns.publishing.content import outgoing_of
from campaigns.publishing.models import Delivery
from community.channels.protocol import Media, Part


def fingerprint(delivery: Delivery, at: datetime) -> str:
    """SHA-256 of what would be sent if it were sent at `at`: the same as long as that is the same."""
    return hash_of(bound(delivery, at))


def bound(delivery: Delivery, at: datetime) -> dict[str, Any]:
    """What would be sent: the account, every part with its media (by the hash of their bytes), comment, warning, link."""
    post = delivery.post
    outgoing = outgoing_of(post, delivery.account, at)
    return {
        "account": delivery.account_id,
        "parts": [_part(part) for part in outgoing.parts],
        "first_comment": outgoing.first_comment,
        "content_warning": outgoing.content_warning,
        "language": outgoing.language,
        "ad": outgoing.ad,
        "campaign": outgoing.campaign_id,
        "link": {"url": outgoing.link_url, "target": destination(post.link)} if post.link else None,
    }


def hash_of(content: Mapping[str, Any]) -> str:
    """The hash of JSON, however its keys are ordered."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _part(part: Part) -> dict[str, Any]:
    media = [*part.pictures, *((part.video,) if part.video else ())]
    return {"text": part.text, "media": [_medium(one) for one in media]}


def _medium(medium: Media) -> dict[str, Any]:
    return {"sha256": medium.sha256, "type": medium.media_type, "alt": medium.alt}
