"""One cell of a table: what stands in a file, how a reader sees it, and where it leads. Names only for those who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask import url_for
from flask_babel import gettext as _

from commons import zones
from commons.accounts.models import User
from commons.i18n import wall_clock_words
from commons.money import Money
from commons.permissions import Permission

SHOWN_OF_MARK = 6


@dataclass(frozen=True)
class Cell:
    """`value` for a file; `text`, if it is given, for the page; `url` where it leads."""

    value: object
    text: str = ""
    url: str | None = None

    @property
    def shown(self) -> str:
        return self.text or str(self.value)

    @property
    def is_number(self) -> bool:
        return isinstance(self.value, (int, float, Decimal))


@dataclass(frozen=True)
class Reader:
    """Who reads, and the zone in which moments are told: the brand's, so that everybody reads the same."""

    by: User
    zone: str

    def moment(self, at: datetime | None) -> Cell:
        if at is None:
            return Cell("")
        local = zones.to_local(at, self.zone)
        return Cell(local.strftime("%Y-%m-%d %H:%M"), wall_clock_words(local.isoformat()))

    def customer(self, name: str | None, public_id: str | None, stranger: str | None) -> Cell:
        """A member by name and with the way to the profile, as far as the reader may see profiles; a stranger by a mark."""
        if public_id is None:
            words = _("Stranger %(mark)s", mark=stranger[:SHOWN_OF_MARK]) if stranger else _("Not known")
            return Cell(words)
        if not self.by.can(Permission.MEMBER_READ):
            return Cell(_("A member"))
        return Cell(name or public_id, url=url_for("members.profile", public_id=public_id))

    def amount(self, minor: int | None, currency: str | None) -> tuple[Cell, Cell]:
        """The amount as a number, and its currency."""
        if minor is None or currency is None:
            return Cell(""), Cell("")
        return Cell(Money(minor, currency).amount), Cell(currency)
