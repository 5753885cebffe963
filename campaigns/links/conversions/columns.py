"""The columns of a table of orders."""

from __future__ import annotations

from collections.abc import Mapping

from commons.i18n import Words
from commons.sheets.columns import Columns

COLUMNS: Mapping[str, Words] = {
    "order": Words("订单号", "Order number"),
    "link": Words("链接", "Link"),
    "click": Words("点击编号", "Click"),
    "amount": Words("金额", "Amount"),
    "currency": Words("币种", "Currency"),
    "ordered": Words("下单时间", "Ordered"),
    "customer": Words("顾客", "Customer"),
}

ALSO: Mapping[str, str] = {
    "order id": "order", "order no": "order", "订单编号": "order", "订单": "order", "short link": "link", "短链接": "link",
    "quanzi click": "click", "点击": "click", "total": "amount", "订单金额": "amount", "实付金额": "amount", "ordered at": "ordered",
    "date": "ordered", "下单日期": "ordered", "付款时间": "ordered",
    "e-mail": "customer", "email": "customer", "mail": "customer", "邮箱": "customer", "buyer": "customer", "买家": "customer",
    "客户": "customer", "会员编号": "customer",
}  # fmt: skip

TABLE = Columns(COLUMNS, needed=("order",), most_rows=5000, also=ALSO)
