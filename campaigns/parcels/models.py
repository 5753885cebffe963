"""Tables of parcel numbers that came in, and what became of each row."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.parcels.goods import Kind
from commons.accounts.models import User
from commons.db import Model, word_enum
from commons.permissions import Permission
from commons.sheets.models import SheetImport, SheetRow

WHAT_LENGTH = 250


class ParcelImport(SheetImport, Model):
    """One table of parcel numbers."""

    __tablename__ = "parcel_import"

    @property
    def url(self) -> str:
        return f"/parcels/import/{self.public_id}"

    @classmethod
    def visible_to(cls, user: User) -> Select[ParcelImport]:
        return select(cls) if user.can(Permission.PRIZE_SEND) else select(cls).where(false())


class ParcelImportRow(SheetRow, Model):
    """One row, and what it names where there is such a thing. Of whom it is for nothing is kept."""

    __tablename__ = "parcel_import_row"
    __table_args__ = (UniqueConstraint("import_id", "number"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("parcel_import.id"))
    kind: Mapped[Kind | None] = mapped_column(word_enum(Kind))
    what: Mapped[str] = mapped_column(String(WHAT_LENGTH), default="")

    of: Mapped[ParcelImport] = relationship()
