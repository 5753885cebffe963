"""What a channel tells, before it is received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from community.inbox.models import InteractionKind


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing as a channel tells it. Ids are the channel's own; `author_user_id` marks a member of staff who speaks.

    `parent_external_id` names the interaction it answers (None: the post itself). The parent may come in the same batch,
    before it or later. A post that is not known leaves the interaction without one.
    """

    external_id: str
    kind: InteractionKind
    author_external_id: str
    author_name: str
    occurred_at: datetime
    text: str = ""
    post_external_id: str | None = None
    parent_external_id: str | None = None
    author_user_id: int | None = None
