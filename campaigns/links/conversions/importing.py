"""Tables of orders: from a file to rows that can be looked at, and from rows to orders, each by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import joinedload

from campaigns.links.conversions.columns import TABLE
from campaigns.links.conversions.customers import strike
from campaigns.links.conversions.models import OrderImport, OrderImportRow, Source
from campaigns.links.conversions.recording import record
from campaigns.links.conversions.understanding import Compared, compared
from commons.accounts.models import User
from commons.permissions import Permission
from commons.sheets.files import Line
from commons.sheets.forms import ImportForm
from commons.sheets.kinds import ImportKind
from commons.sheets.pages import ImportPages

bp = Blueprint("link_tables", __name__, url_prefix="/links/orders")


def _compare(found: OrderImport, lines: Sequence[Line], by: User, at: datetime) -> Sequence[Compared]:
    return compared(lines, by.zone, at, found.formulas_are_words)


def _kept(result: Compared) -> Mapping[str, Any]:
    return {"link_id": result.link.id if result.link else None}


def _carry_out(row: OrderImportRow, result: Compared, by: User, at: datetime) -> None:
    assert result.order is not None
    row.link_id = result.order.link.id
    record(result.order, Source.TABLE, at)
    if row.cells["values"].get("customer"):
        strike(row)


orders_in = ImportKind(
    imports=OrderImport,
    rows=OrderImportRow,
    columns=TABLE,
    fact="link_orders.imported",
    compare=_compare,
    kept=_kept,
    carry_out=_carry_out,
)

ImportPages(
    kind=orders_in,
    permission=Permission.LINK_WRITE,
    form=ImportForm,
    choose="campaigns/links/conversions/choose.html",
    look="campaigns/links/conversions/look.html",
    name="orders",
    row_options=[joinedload(OrderImportRow.link)],
).put_onto(bp)
