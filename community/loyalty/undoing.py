"""Which kinds of facts undo another one, and where they name it."""

from __future__ import annotations

UNDOES = {
    "circle.post_removed": "said_event_id",
    "circle.withdrawn": "said_event_id",
    "group_buy.left": "joined_event_id",
    "interaction.unanswered": "answered_event_id",
    "interaction.withdrawn": "said_event_id",
    "mission.reopened": "fulfilled_event_id",
    "review.removed": "published_event_id",
    "review.withdrawn": "published_event_id",
}
