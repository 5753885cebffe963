"""What every import of a table keeps: the file, and what each of its rows is and became. Rooms add what is their own."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from commons.accounts.models import User
from commons.db import Public, word_enum
from commons.sheets.sentences import spoken


class Verdict(enum.StrEnum):
    """What a row is, compared with what there is."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BROKEN = "broken"


class Outcome(enum.StrEnum):
    """What a row became: `written`; `unchanged`, because all of it was there; or `refused`, with the reason."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class SheetImport(Public):
    """Mixin: one file. Nothing of it is written before `confirmed_at`.

    `formulas_are_words`: somebody looked at the cells that begin like formulas and says that they are plain words.
    `ignored` are headings that mean nothing to us.
    """

    if TYPE_CHECKING:
        __tablename__: str
        id: Mapped[int]

    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    formulas_are_words: Mapped[bool] = mapped_column(default=False)
    ignored: Mapped[list[Any]] = mapped_column(default=list)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    @declared_attr
    def made_by(self) -> Mapped[User]:
        return relationship(User)


class SheetRow:
    """Mixin: one row of the import `of`. `number` is the one that a spreadsheet shows; `cells` are a `files.Line`.

    `problems` say what is wrong with it, as `sentences` keeps it; once it was refused, why. `changes` are triples of column, before and after. From `due_at` on the row is
    to be written; whoever takes it puts that off for a while.
    """

    if TYPE_CHECKING:
        __tablename__: str
        __table__: Any
        id: Mapped[int]
        import_id: Mapped[int]
        of: Any

    number: Mapped[int]
    cells: Mapped[dict[str, Any]]
    verdict: Mapped[Verdict] = mapped_column(word_enum(Verdict))
    problems: Mapped[list[Any]] = mapped_column(default=list)
    changes: Mapped[list[Any]] = mapped_column(default=list)
    outcome: Mapped[Outcome | None] = mapped_column(word_enum(Outcome))
    due_at: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """What is wrong with the row, as the current reader reads it: column (empty: the row as a whole) and sentence."""
        return spoken(self.problems)
