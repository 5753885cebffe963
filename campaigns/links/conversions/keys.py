"""The keys with which shops sign their calls."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.links.conversions.models import SigningKey
from commons import events
from commons.accounts.models import User
from commons.db import db

SECRET_BYTES = 32
MOST_SHOWN = 100


def make(name: str, *, by: User, at: datetime) -> tuple[SigningKey, str]:
    """A new key, and its secret: the only time that it can be read."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    key = SigningKey(name=name.strip(), secret={"secret": secret}, made_by_id=by.id, made_at=at)
    db.session.add(key)
    db.session.flush()
    _tell("link_key.made", key, by, at)
    return key, secret


def end(key: SigningKey, *, by: User, at: datetime) -> None:
    """From now on nothing that it signs is taken; what came by it stays. Twice is once."""
    if key.ended_at is None:
        key.ended_at = at
        _tell("link_key.ended", key, by, at)


def listed() -> Sequence[SigningKey]:
    """Keys in use first, then those that have ended, the newest in front."""
    query = select(SigningKey).order_by(SigningKey.ended_at.is_not(None), SigningKey.id.desc())
    return db.session.scalars(query.options(joinedload(SigningKey.made_by)).limit(MOST_SHOWN)).all()


def _tell(kind: str, key: SigningKey, by: User, at: datetime) -> None:
    events.track(kind, key=f"{kind}:{key.public_id}", at=at, actor_id=by.id, subject=key, payload={"name": key.name})
