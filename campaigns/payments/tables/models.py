"""Tables of paid orders that came in, and what became of each row."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Select, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.payments.models import Payment
from commons.accounts.models import User
from commons.db import Model
from commons.permissions import Permission
from commons.sheets.models import SheetImport, SheetRow


class PaymentImport(SheetImport, Model):
    """One table of paid orders."""

    __tablename__ = "payment_import"

    @property
    def url(self) -> str:
        return f"/payments/orders/import/{self.public_id}"

    @classmethod
    def visible_to(cls, user: User) -> Select[PaymentImport]:
        return select(cls) if user.can(Permission.PAYMENT_WRITE) else select(cls).where(false())


class PaymentImportRow(SheetRow, Model):
    """One row, and the payment that it names where there is one."""

    __tablename__ = "payment_import_row"
    __table_args__ = (UniqueConstraint("import_id", "number"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("payment_import.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))

    of: Mapped[PaymentImport] = relationship()
    payment: Mapped[Payment | None] = relationship()
