"""What other pages show of approval: the staff start page, and the post itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask

from campaigns.approval import asking, reading
from campaigns.approval.models import ApprovalRequest
from campaigns.approval.people import called
from campaigns.approval.wording import DIFFERENCE_WORDS, STATE_WORDS
from campaigns.posts.models import BrandPost
from commons.accounts.models import User
from commons.panels import Panel

MOST = 5


@dataclass(frozen=True)
class Standing:
    """How it stands with the approval of a post: the newest request, whether somebody has to ask again, and whether
    there is nobody who could decide.
    """

    request: ApprovalRequest
    stranded: bool
    is_for_nobody: bool


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(approval_of=standing_of)
    app.jinja_env.filters.update(
        approval_word=lambda state: STATE_WORDS[str(state)], difference_word=lambda name: DIFFERENCE_WORDS[name]
    )


def standing_of(post: BrandPost | None) -> Standing | None:
    """For the page of a post; None when nobody was ever asked about it."""
    if post is None or not post.id:
        return None
    request = reading.current_of(post)
    if request is None:
        return None
    return Standing(request, bool(asking.stranded(post)), request.is_pending and not called(request))


def waiting_panel(user: User, at: datetime) -> Panel | None:
    """What waits for this person's approval; nothing when nothing does."""
    mine = reading.waiting_for(user)
    context = {"requests": mine[:MOST], "total": len(mine), "at": at}
    return Panel("campaigns/approval/_waiting.html", context, 5) if mine else None
