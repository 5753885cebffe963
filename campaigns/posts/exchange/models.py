"""A table of posts that came in: the file, and what each of its rows is and became."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, UniqueConstraint, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.posts.models import BrandPost
from commons.accounts.models import User
from commons.db import Model, Public, word_enum
from commons.permissions import Permission


class PostImport(Public, Model):
    """One file. Nothing is written into posts before `confirmed_at`; `zone` holds for rows that name none.

    `formulas_are_words`: somebody looked at the cells that begin like formulas and says that they are plain words.
    `ignored` are headings that mean nothing to us.
    """

    __tablename__ = "post_import"

    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    zone: Mapped[str] = mapped_column(String(64))
    formulas_are_words: Mapped[bool] = mapped_column(default=False)
    ignored: Mapped[list[Any]] = mapped_column(default=list)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    made_by: Mapped[User] = relationship()

    @property
    def url(self) -> str:
        return f"/posts/import/{self.public_id}"

    @classmethod
    def visible_to(cls, user: User) -> Select[PostImport]:
        return select(cls) if user.can(Permission.POST_WRITE) else select(cls).where(false())


class Verdict(enum.StrEnum):
    """What a row is, compared with the posts that there are."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BROKEN = "broken"


class Outcome(enum.StrEnum):
    """What a row became: `written`; `unchanged`, because all of it was there; or `refused`, with the reason."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class PostImportRow(Model):
    """One row. `number` is the one that a spreadsheet shows; `cells` are texts by the names of `columns.COLUMNS`.

    `problems` are pairs of column and sentence, `changes` triples of column, before and after. `revision` is that of the post
    when the row was compared with it. From `due_at` on the row is to be written; whoever takes it puts that off for a while.
    """

    __tablename__ = "post_import_row"
    __table_args__ = (UniqueConstraint("import_id", "number"), Index("ix_post_import_row_due_at", "due_at"))

    import_id: Mapped[int] = mapped_column(ForeignKey("post_import.id"))
    number: Mapped[int]
    cells: Mapped[dict[str, Any]]
    verdict: Mapped[Verdict] = mapped_column(word_enum(Verdict))
    problems: Mapped[list[Any]] = mapped_column(default=list)
    changes: Mapped[list[Any]] = mapped_column(default=list)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("brand_post.id"))
    revision: Mapped[int | None]
    outcome: Mapped[Outcome | None] = mapped_column(word_enum(Outcome))
    words: Mapped[str] = mapped_column(String(500), default="")
    due_at: Mapped[datetime | None]

    of: Mapped[PostImport] = relationship()
    post: Mapped[BrandPost | None] = relationship()
