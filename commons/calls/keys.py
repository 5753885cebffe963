"""The keys with which other houses sign their calls."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from commons import events
from commons.accounts.models import User
from commons.calls.models import SigningKey
from commons.db import db

SECRET_BYTES = 32
MOST_SHOWN = 100

Key = TypeVar("Key", bound=SigningKey)


@dataclass(frozen=True)
class KeyRing(Generic[Key]):
    """The keys of one room. `fact` begins the names of what is told about them: `<fact>.made`, `<fact>.ended`."""

    keys: type[Key]
    fact: str

    def make(self, name: str, *, by: User, at: datetime) -> tuple[Key, str]:
        """A new key, and its secret: the only time that it can be read."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        row: dict[str, Any] = {"name": name.strip(), "secret": {"secret": secret}, "made_by_id": by.id, "made_at": at}
        key = self.keys(**row)
        db.session.add(key)
        db.session.flush()
        self._tell("made", key, by, at)
        return key, secret

    def end(self, key: Key, *, by: User, at: datetime) -> None:
        """From now on nothing that it signs is taken; what came by it stays. Twice is once."""
        if key.ended_at is None:
            key.ended_at = at
            self._tell("ended", key, by, at)

    def listed(self) -> Sequence[Key]:
        """Keys in use first, then those that have ended, the newest in front."""
        query = select(self.keys).order_by(self.keys.ended_at.is_not(None), self.keys.id.desc())
        return db.session.scalars(query.options(joinedload(self.keys.made_by)).limit(MOST_SHOWN)).all()

    def _tell(self, what: str, key: Any, by: User, at: datetime) -> None:
        kind = f"{self.fact}.{what}"
        events.track(
            kind, key=f"{kind}:{key.public_id}", at=at, actor_id=by.id, subject=key, payload={"name": key.name}
        )
