"""What a row of a table of parcel numbers says, and what it is beside what waits to be sent. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from campaigns.parcels import goods
from campaigns.parcels.goods import Parcel
from commons.accounts.models import User
from commons.i18n import Words
from commons.sheets.columns import Columns
from commons.sheets.files import Line
from commons.sheets.models import Verdict
from commons.sheets.understanding import understand

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
class Meant:
    """What is wrong with a row: pairs of column and sentence."""

    problems: list[list[str]] = field(default_factory=list)


@dataclass
class Compared:
    """A row, the parcel that it names if there is one, and under which number it goes. `SAME`: nothing is to be done."""

    meant: Meant = field(default_factory=Meant)
    verdict: Verdict = Verdict.NEW
    changes: list[list[str]] = field(default_factory=list)
    parcel: Parcel | None = None
    tracking: str = ""

    def refuse(self, column: str, words: str) -> None:
        self.meant.problems.append([column, words])


def compared(lines: Sequence[Line], by: User, formulas_are_words: bool) -> list[Compared]:
    """All rows, in order. Of rows with the same number the later ones are broken."""
    known, seen = goods.named({_number(line) for line in lines}, by), dict[str, int]()
    return [_one(line, known, seen, formulas_are_words) for line in lines]


def _one(line: Line, known: Mapping[str, Parcel], seen: dict[str, int], formulas_are_words: bool) -> Compared:
    found, number = Compared(), _number(line)
    understand(found.meant, line, {}, None, formulas_are_words)
    if not found.meant.problems:
        found.parcel, found.tracking = known.get(number), line.values.get("tracking", "").strip()
        first = seen.setdefault(number, line.number)
        if first != line.number:
            found.refuse("number", _("Row %(row)s names the same already.", row=str(first)))
        elif found.parcel is None:
            found.refuse("number", _("Nothing that you may send has this number."))
        else:
            _compare(found, found.parcel)
    if found.meant.problems:
        found.verdict = Verdict.BROKEN
    return found


def _compare(found: Compared, parcel: Parcel) -> None:
    """A row without a parcel number waits on; what was sent is never sent, or renumbered, a second time."""
    if len(found.tracking) > TRACKING_LENGTH or not found.tracking.isprintable():
        found.refuse("tracking", _("A parcel number has 80 characters at most."))
    elif not found.tracking or (parcel.sent_at is not None and parcel.tracking == found.tracking):
        found.verdict = Verdict.SAME
    elif parcel.sent_at is not None:
        words = _("It was sent already, under the number %(number)s.", number=parcel.tracking)
        found.refuse("tracking", words if parcel.tracking else _("It was sent already, without a number."))
    elif not parcel.is_ready:
        found.refuse("number", _("It cannot be sent: it was given up, or it is not known where it goes."))


def _number(line: Line) -> str:
    return line.values.get("number", "").strip().lower()
