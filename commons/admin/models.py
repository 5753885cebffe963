"""What a brand sets about itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Model
from commons.i18n import Words, WordsColumn
from commons.media.models import Picture
from commons.zones import DEFAULT_ZONE

USUAL_ACCENT = "#c5391d"
GUARDIAN_AGE = 14


class Brand(Model):
    """The one row of brand settings: a name, a colour and a logo re-theme everything.

    Below `guardian_age` a guardian has to agree to what a fan allows; 0 asks for none.
    """

    __tablename__ = "brand"

    name: Mapped[Words] = mapped_column(WordsColumn)
    about: Mapped[Words] = mapped_column(WordsColumn, default=lambda: Words("", ""))
    accent: Mapped[str] = mapped_column(String(7), default=USUAL_ACCENT)
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    zone: Mapped[str] = mapped_column(String(64), default=DEFAULT_ZONE)
    guardian_age: Mapped[int] = mapped_column(default=GUARDIAN_AGE, server_default=str(GUARDIAN_AGE))
    changed_at: Mapped[datetime]

    logo: Mapped[Picture | None] = relationship()

    @property
    def logo_url(self) -> str | None:
        """Address of the logo, 240 pixels wide at most; None when the brand goes by its name."""
        return self.logo.url(240) if self.logo is not None else None
