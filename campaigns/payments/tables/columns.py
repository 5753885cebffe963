"""The columns of a table of paid orders."""

from __future__ import annotations

from collections.abc import Mapping

from commons.i18n import Words
from commons.sheets.columns import Columns

COLUMNS: Mapping[str, Words] = {
    "order": Words("订单号", "Order number"),
    "reference": Words("付款编号", "Payment reference"),
    "amount": Words("金额", "Amount"),
    "currency": Words("币种", "Currency"),
    "paid": Words("付款时间", "Paid"),
}

ALSO: Mapping[str, str] = {
    "order id": "order", "order no": "order", "订单编号": "order", "订单": "order", "payment": "reference", "remark": "reference",
    "note": "reference", "备注": "reference", "买家留言": "reference", "付款参考号": "reference", "total": "amount",
    "订单金额": "amount", "实付金额": "amount", "paid at": "paid", "支付时间": "paid", "date": "paid",
}  # fmt: skip

TABLE = Columns(COLUMNS, needed=("order",), most_rows=5000, also=ALSO)
