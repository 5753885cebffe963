"""Whoever is answered under a post is told, with the way to the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from community.inbox.models import Interaction
from community.notices.telling import tell

BY_A_FAN, BY_THE_HOUSE = "circle.comment_answered", "circle.comment_answered_by_the_house"


def sentences() -> Mapping[str, Any]:
    return {
        BY_A_FAN: _l("Somebody answered your comment."),
        BY_THE_HOUSE: _l("The house answered your comment."),
    }


def tell_of(said: Interaction) -> None:
    """Tell the member whose comment `said` answers; nobody answers himself. Twice is once."""
    asked = said.parent.author if said.parent is not None else None
    if asked is None or asked.member_id is None or asked.id == said.author_id:
        return
    tell(
        asked.member_id,
        BY_THE_HOUSE if said.author.is_brand else BY_A_FAN,
        key=f"circle.answered:{said.public_id}",
        at=said.occurred_at,
        url=f"/circle/comments/{said.public_id}",
    )
