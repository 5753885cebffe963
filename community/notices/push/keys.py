"""The key pair that says to push services who sends (VAPID, RFC 8292)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from webpush.vapid import VAPID

from commons.db import db, insert_new
from community.notices.push.models import PushKey

VOLUNTARY = "vapid"


@dataclass(frozen=True)
class Keys:
    """`private` and `public` as PEM; `server` is the public half as a browser wants it when it is asked to take messages."""

    private: bytes
    public: bytes
    server: str


def keys(at: datetime) -> Keys:
    """The keys of this house; made at the first call. Two processes at once agree on one pair."""
    query = select(PushKey.secret).where(PushKey.purpose == VOLUNTARY)
    secret = db.session.scalar(query)
    if secret is None:
        insert_new(PushKey, {"purpose": VOLUNTARY, "secret": _fresh(), "made_at": at})
        secret = db.session.scalars(query).one()
    return Keys(secret["private"].encode(), secret["public"].encode(), secret["server"])


def prepare(at: datetime) -> None:
    """What a fresh database needs from this room: the keys."""
    keys(at)


def _fresh() -> dict[str, str]:
    private, public, server = VAPID.generate_keys()
    return {"private": private.decode(), "public": public.decode(), "server": server}
