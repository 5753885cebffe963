"""What the tests of the circle make: comments, forms as browsers send them, counted queries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count

from sqlalchemy import event
from sqlalchemy.engine import Engine

from commons import clock
from community.channels.models import ChannelPost
from community.circle import commenting
from community.inbox.models import Interaction
from community.members.models import Member
from community.members.roster import handle_of

HTMX = {"HX-Request": "true"}

_keys = count(1)


def make_comment(
    post: ChannelPost,
    by: Member,
    text: str = "好茶!",
    at: datetime | None = None,
    reply_to: Interaction | None = None,
) -> Interaction:
    key = f"formkey{next(_keys):06}"
    return commenting.say(post, handle_of(by), text, at or clock.now(), key=key, reply_to=reply_to)


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements that this thread runs meanwhile, on any engine, savepoints left out."""
    seen: list[str] = []
    asking = threading.get_ident()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if threading.get_ident() == asking and not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
