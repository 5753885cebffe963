"""What every room keeps that takes signed calls: keys, spent signatures, calls that were taken. Rooms add their tables."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from commons.accounts.models import User
from commons.crypto import EncryptedJson
from commons.db import Public

KEY_LENGTH = 80


class SigningKey(Public):
    """Mixin: with its secret a shop signs what it tells us. The secret is kept encrypted and shown once, when it is made."""

    if TYPE_CHECKING:
        __tablename__: str
        id: Mapped[int]

    name: Mapped[str] = mapped_column(String(80))
    secret: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @declared_attr
    def made_by(self) -> Mapped[User]:
        return relationship(User)


class SpentSignature:
    """Mixin: the signature of a call that was taken: nobody can send it a second time. Kept until its moment is too old."""

    if TYPE_CHECKING:
        __tablename__: str
        id: Mapped[int]

    signature: Mapped[str] = mapped_column(String(64), unique=True)
    spent_at: Mapped[datetime] = mapped_column(index=True)


class TakenCall:
    """Mixin: a call that was taken: its idempotency key means the same for ever. Rooms add `key_id`, unique together with it,
    and what came of the call.
    """

    if TYPE_CHECKING:
        __tablename__: str
        id: Mapped[int]
        key_id: Mapped[int]

    idempotency_key: Mapped[str] = mapped_column(String(KEY_LENGTH))
    body_sha256: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime]
