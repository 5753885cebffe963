"""What a row of a table of parcel numbers says, and what it is beside what waits to be sent. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from campaigns.parcels import goods
from campaigns.parcels.goods import Parcel
from commons.accounts.models import User
from commons.i18n import Words
from commons.sheets import numbered
from commons.sheets.columns import Columns
from commons.sheets.files import Line
from commons.sheets.models import Verdict
from commons.sheets.numbered import Cells, NumberedRow

TRACKING_LENGTH = 80
COLUMNS: Mapping[str, Words] = {
    "number": Words("寄送编号", "Number of what is sent"),
    "tracking": Words("快递单号", "Parcel number"),
}
ALSO: Mapping[str, str] = {
    "no": "number", "编号": "number", "redemption": "number", "seat": "number", "award": "number", "tracking number": "tracking",
    "tracking no": "tracking", "waybill": "tracking", "运单号": "tracking", "物流单号": "tracking", "单号": "tracking",
}  # fmt: skip
TABLE = Columns(COLUMNS, needed=("number",), most_rows=5000, also=ALSO)


@dataclass
class Compared(NumberedRow):
    """A row, the parcel that it names if there is one, and under which number it goes. `SAME`: nothing is to be done."""

    parcel: Parcel | None = None
    tracking: str = ""


def compared(lines: Sequence[Line], by: User, formulas_are_words: bool) -> list[Compared]:
    """All rows, in order. Of rows with the same number the later ones are broken."""
    known = goods.named({_number(line.values) for line in lines}, by)
    return numbered.compared(lines, Compared, _read, lambda row: _compare(row, known), formulas_are_words, "number")


def _read(row: Compared, cells: Cells) -> None:
    row.number, row.tracking = _number(cells), cells.get("tracking", "").strip()
    if not row.number:
        row.refuse("number", _("Nothing that you may send has this number."))


def _compare(row: Compared, known: Mapping[str, Parcel]) -> None:
    """A row without a parcel number waits on; what was sent is never sent, or renumbered, a second time."""
    parcel = row.parcel = known.get(row.number)
    if parcel is None:
        row.refuse("number", _("Nothing that you may send has this number."))
    elif len(row.tracking) > TRACKING_LENGTH or not row.tracking.isprintable():
        row.refuse("tracking", _("A parcel number has 80 characters at most."))
    elif not row.tracking or (parcel.sent_at is not None and parcel.tracking == row.tracking):
        row.verdict = Verdict.SAME
    elif parcel.sent_at is not None:
        words = _("It was sent already, under the number %(number)s.", number=parcel.tracking)
        row.refuse("tracking", words if parcel.tracking else _("It was sent already, without a number."))
    elif not parcel.is_ready:
        row.refuse("number", _("It cannot be sent: it was given up, or it is not known where it goes."))


def _number(cells: Cells) -> str:
    return cells.get("number", "").strip().lower()
