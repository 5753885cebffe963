"""What planning shows on the pages of other rooms."""

from __future__ import annotations

from datetime import datetime

from campaigns.planning import tasks
from commons.accounts.models import User
from commons.panels import Panel


def today(user: User, at: datetime) -> Panel | None:
    """On the start page of the staff side: the own tasks that are overdue or due soon."""
    waiting = tasks.waiting_for(user, at)
    return Panel("campaigns/planning/_today.html", {"tasks": waiting, "at": at}, order=12) if waiting else None
