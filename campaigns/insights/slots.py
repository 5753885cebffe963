"""Where other rooms bring orders, complaints that were solved, and where they ask who is kept out of a campaign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select

from commons.slots import Slot

ORDER_COLUMNS = (
    "room", "row_id", "name", "member_id", "stranger", "ordered_at", "amount_minor", "currency", "link_id", "campaign_id",
)  # fmt: skip
"""What a query of orders selects, in this order and under these names.

`room` and `row_id` together name the order for ever; `name` is how people call it. `member_id` is who ordered, else
`stranger` a mark by which the same unknown customer is known again; both are None where nobody said who it was.
`amount_minor` and `currency` may be None. `link_id` is the tracked link that the order itself names.
"""

COMPLAINT_COLUMNS = ("room", "row_id", "member_id", "solved_at")
"""What a query of solved complaints selects: whose it was, and since when it was solved. One row for each complaint."""

orders: Slot[Callable[[], Select[Any]]] = Slot(
    "a room's orders: a query with ORDER_COLUMNS, paid for and not given back"
)
complaints: Slot[Callable[[], Select[Any]]] = Slot("a room's solved complaints: a query with COMPLAINT_COLUMNS")
