"""Telling a member something: written once, in the transaction of what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from commons.db import db, insert_new
from community.members.merging import finding
from community.notices import wishes
from community.notices.models import Notice


def tell(
    member_id: int, kind: str, *, key: str, at: datetime, url: str = "", details: Mapping[str, Any] | None = None
) -> Notice | None:
    """Say a sentence of this `kind` (see `community.notices.slots.sentences`) to a member; None if `key` was said before.

    `details` fill the sentence; a value `{"zh": …, "en": …}` becomes the reader's, `{"moment": …}` the day where the member
    lives. `url` is the path of the page on which to go on. It stands on the member's page at once; whether it also goes
    out is the member's wish. Who is part of another member by now is told as that one.
    """
    member_id = finding.by_id(member_id).id
    row = {"member_id": member_id, "kind": kind, "details": dict(details or {}), "url": url, "key": key, "at": at}
    notice_id = insert_new(Notice, row)
    if notice_id is None:
        return None
    wishes.wake(member_id, at)
    return db.session.get_one(Notice, notice_id)
