"""Notices as other rooms write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from flask_babel import lazy_gettext as _l

from community.members.models import Member
from community.notices.models import Notice
from community.notices.telling import tell

_numbers = count(1)


def sentences() -> Mapping[str, Any]:
    return {"level.tested": _l("Saved"), "test.named": "%(who)s / %(missing)s"}


def told(member: Member, at: datetime, kind: str = "level.tested", url: str = "/circle/me", **details: Any) -> Notice:
    """A notice to the member."""
    notice = tell(member.id, kind, key=f"test:{next(_numbers)}", at=at, url=url, details=details)
    assert notice is not None
    return notice
