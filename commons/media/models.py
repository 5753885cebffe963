"""Pictures and videos that were uploaded and kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Select, String, false, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commons.db import Model, Public

THUMBNAILS = (320, 960)
FULL = 2560
WIDTHS = (*THUMBNAILS, FULL)


class Picture(Public, Model):
    """One picture as it is kept: decoded once, turned upright, re-encoded without metadata, with its thumbnails.

    One that is private has no address of its own: the room that keeps it serves it to those who may see it.
    """

    __tablename__ = "picture"

    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(32))
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    name: Mapped[str] = mapped_column(String(120), default="")
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime]
    is_private: Mapped[bool] = mapped_column(default=False, server_default=false())

    @classmethod
    def public(cls) -> Select[Picture]:
        """Those that everybody may see who knows where."""
        return select(cls).where(cls.is_private.is_(False))

    def url(self, width: int = FULL) -> str:
        """Path of the file that fills `width` pixels: the smallest that does, else the whole picture."""
        fitting = next((step for step in THUMBNAILS if step >= width), FULL)
        return f"/media/{self.public_id}/{fitting}"

    def key(self, width: int = FULL) -> str:
        """Name in the store of the file `width` pixels wide; a picture that is no wider has only the whole one."""
        name = str(width) if width in THUMBNAILS and width < self.width else "full"
        return f"{self.sha256[:2]}/{self.sha256[2:]}/{name}"


class Video(Public, Model):
    """One video as it is kept: pictures and sound as they were uploaded, in a file of our own making without metadata.

    `poster` is its first clear frame, `width` and `height` are as it is shown, `seconds` is its length, `size` its bytes.
    """

    __tablename__ = "video"

    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str] = mapped_column(String(32))
    width: Mapped[int]
    height: Mapped[int]
    seconds: Mapped[float]
    size: Mapped[int]
    name: Mapped[str] = mapped_column(String(120), default="")
    poster_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime]

    poster: Mapped[Picture | None] = relationship()

    @property
    def url(self) -> str:
        return f"/media/videos/{self.public_id}"

    @property
    def key(self) -> str:
        """Name in the store."""
        return self.key_of(self.sha256)

    @staticmethod
    def key_of(sha256: str) -> str:
        return f"{sha256[:2]}/{sha256[2:]}/video"
