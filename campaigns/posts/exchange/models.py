"""A table of posts that came in: the file, and what each of its rows is and became."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.posts.models import BrandPost
from commons.accounts.models import User
from commons.db import Model
from commons.permissions import Permission
from commons.sheets.models import SheetImport, SheetRow


class PostImport(SheetImport, Model):
    """One file; `zone` holds for rows that name none."""

    __tablename__ = "post_import"

    zone: Mapped[str] = mapped_column(String(64))

    @property
    def url(self) -> str:
        return f"/posts/import/{self.public_id}"

    @classmethod
    def visible_to(cls, user: User) -> Select[PostImport]:
        return select(cls) if user.can(Permission.POST_WRITE) else select(cls).where(false())


class PostImportRow(SheetRow, Model):
    """One row. `revision` is that of the post when the row was compared with it."""

    __tablename__ = "post_import_row"
    __table_args__ = (UniqueConstraint("import_id", "number"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("post_import.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("brand_post.id"))
    revision: Mapped[int | None]

    of: Mapped[PostImport] = relationship()
    post: Mapped[BrandPost | None] = relationship()
