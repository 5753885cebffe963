"""Tables of paid orders: from a file to rows that can be looked at, and from rows to receipts, each by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import joinedload

from campaigns.payments import matching
from campaigns.payments.tables.columns import TABLE
from campaigns.payments.tables.models import PaymentImport, PaymentImportRow
from campaigns.payments.tables.understanding import Compared, compared
from commons.accounts.models import User
from commons.permissions import Permission
from commons.sheets.files import Line
from commons.sheets.forms import ImportForm
from commons.sheets.kinds import ImportKind
from commons.sheets.pages import ImportPages

bp = Blueprint("payment_tables", __name__, url_prefix="/payments/orders")


def _compare(found: PaymentImport, lines: Sequence[Line], by: User, at: datetime) -> Sequence[Compared]:
    return compared(lines, by.zone, at, found.formulas_are_words)


def _kept(result: Compared) -> Mapping[str, Any]:
    return {"payment_id": result.payment.id if result.payment is not None else None}


def _carry_out(row: PaymentImportRow, result: Compared, by: User, at: datetime) -> None:
    assert result.money is not None
    matching.place(result.reference, result.money, at=at)


paid_orders = ImportKind(
    imports=PaymentImport,
    rows=PaymentImportRow,
    columns=TABLE,
    fact="payments.imported",
    compare=_compare,
    kept=_kept,
    carry_out=_carry_out,
)

ImportPages(
    kind=paid_orders,
    permission=Permission.PAYMENT_WRITE,
    form=ImportForm,
    choose="campaigns/payments/tables/choose.html",
    look="campaigns/payments/tables/look.html",
    name="paid-orders",
    row_options=[joinedload(PaymentImportRow.payment)],
).put_onto(bp)
