"""Orders that links brought, the keys with which shops sign, and tables of orders that came in."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.links.models import Link
from commons.accounts.models import User
from commons.calls import models as calls
from commons.db import Model, Public, index_of_filled, word_enum
from commons.money import Money
from commons.permissions import Permission
from commons.sheets.models import SheetImport, SheetRow

ORDER_LENGTH = 80


class Source(enum.StrEnum):
    """How we heard of an order."""

    CALL = "call"
    TABLE = "table"


class SigningKey(calls.SigningKey, Model):
    """With its secret a shop signs the orders that it tells us."""

    __tablename__ = "link_signing_key"

    @classmethod
    def visible_to(cls, user: User) -> Select[SigningKey]:
        return select(cls) if user.can(Permission.LINK_WRITE) else select(cls).where(false())


class Conversion(Public, Model):
    """One order, known by its number: it counts once, however and however often it is told. `hit_uid` is the visit that it
    names, if it does. `customer_id` is the member who ordered, `customer_mark` what the shop calls the customer, as a keyed
    hash; both are empty where nobody said who it was.
    """

    __tablename__ = "link_conversion"
    __table_args__ = (
        Index("ix_link_conversion_link_id_ordered_at", "link_id", "ordered_at"),
        index_of_filled("ix_link_conversion_customer_id", "customer_id", "ordered_at"),
        index_of_filled("ix_link_conversion_customer_mark", "customer_mark"),
    )

    order: Mapped[str] = mapped_column("order_number", String(ORDER_LENGTH), unique=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    hit_uid: Mapped[str | None] = mapped_column(String(32), index=True)
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    ordered_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    source: Mapped[Source] = mapped_column(word_enum(Source))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    customer_mark: Mapped[str | None] = mapped_column(String(32))

    link: Mapped[Link] = relationship()

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class ConversionCall(calls.TakenCall, Model):
    """A call that was taken, and the order that it told."""

    __tablename__ = "link_conversion_call"
    __table_args__ = (UniqueConstraint("key_id", "idempotency_key"),)

    key_id: Mapped[int] = mapped_column(ForeignKey("link_signing_key.id"))
    conversion_id: Mapped[int] = mapped_column(ForeignKey("link_conversion.id"))

    conversion: Mapped[Conversion] = relationship()


class SpentSignature(calls.SpentSignature, Model):
    __tablename__ = "link_spent_signature"


class OrderImport(SheetImport, Model):
    """One table of orders."""

    __tablename__ = "link_order_import"

    @property
    def url(self) -> str:
        return f"/links/orders/import/{self.public_id}"

    @classmethod
    def visible_to(cls, user: User) -> Select[OrderImport]:
        return select(cls) if user.can(Permission.LINK_WRITE) else select(cls).where(false())


class OrderImportRow(SheetRow, Model):
    """One row, and the link that it names once that is known."""

    __tablename__ = "link_order_import_row"
    __table_args__ = (UniqueConstraint("import_id", "number"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("link_order_import.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"))

    of: Mapped[OrderImport] = relationship()
    link: Mapped[Link | None] = relationship()
