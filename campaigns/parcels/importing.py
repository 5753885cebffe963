"""Tables of parcel numbers: looked at first, then each row sends what it names, by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from campaigns.parcels import goods
from campaigns.parcels.models import WHAT_LENGTH, ParcelImport, ParcelImportRow
from campaigns.parcels.understanding import TABLE, Compared, compared
from commons.accounts.models import User
from commons.sheets.files import Line
from commons.sheets.kinds import ImportKind


def _compare(found: ParcelImport, lines: Sequence[Line], by: User, _at: datetime) -> Sequence[Compared]:
    return compared(lines, by, found.formulas_are_words)


def _kept(result: Compared) -> Mapping[str, Any]:
    parcel = result.parcel
    return {"kind": parcel.kind if parcel else None, "what": parcel.what[:WHAT_LENGTH] if parcel else ""}


def _carry_out(_row: ParcelImportRow, result: Compared, by: User, at: datetime) -> None:
    assert result.parcel is not None
    goods.send(result.parcel, result.tracking, by=by, at=at)


parcels_in = ImportKind(
    imports=ParcelImport,
    rows=ParcelImportRow,
    columns=TABLE,
    fact="parcels.imported",
    compare=_compare,
    kept=_kept,
    carry_out=_carry_out,
)
