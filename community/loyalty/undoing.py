"""Which kinds of facts undo another one, and where they name it."""

from __future__ import annotations

UNDOES = {
    "group_buy.left": "joined_event_id",
    "interaction.withdrawn": "said_event_id",
    "mission.reopened": "fulfilled_event_id",
}
