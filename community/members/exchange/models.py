"""A list of members that came in: the file, what each of its rows is and became, and addresses that wait for an account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Model
from commons.permissions import Permission
from commons.sheets.models import SheetImport, SheetRow
from commons.sheets.sentences import spoken
from community.members.models import Member

BASIS_LENGTH = 200


class MemberImport(SheetImport, Model):
    """One file. `basis`: on what grounds the team may keep what it says of people, in its own words."""

    __tablename__ = "member_import"

    basis: Mapped[str] = mapped_column(String(BASIS_LENGTH))

    @property
    def url(self) -> str:
        return f"/members/import/{self.public_id}"

    @classmethod
    def visible_to(cls, user: User) -> Select[MemberImport]:
        return select(cls) if user.can(Permission.MEMBER_WRITE) else select(cls).where(false())


class MemberImportRow(SheetRow, Model):
    """One row, and the member that it is about once that is known. `notes` are pairs of column and sentence: what was made
    harmless, and what stays as it is although the row says otherwise.
    """

    __tablename__ = "member_import_row"
    __table_args__ = (UniqueConstraint("import_id", "number"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("member_import.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    notes: Mapped[list[Any]] = mapped_column(default=list)

    of: Mapped[MemberImport] = relationship()
    member: Mapped[Member | None] = relationship()

    @property
    def noted(self) -> list[tuple[str, str]]:
        """The notes as the current reader reads them."""
        return spoken(self.notes)


class AwaitedMail(Model):
    """The address of a member who has no account yet: whoever confirms it at sign-up is this member."""

    __tablename__ = "member_awaited_mail"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), unique=True)
    mail: Mapped[str] = mapped_column(String(254), unique=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("member_import.id"))
    noted_at: Mapped[datetime]

    member: Mapped[Member] = relationship()
    source: Mapped[MemberImport] = relationship()
