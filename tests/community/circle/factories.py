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


OF_THE_DOOR = "SELECT link_domain.host, link_domain.id"


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements that this thread runs meanwhile, on any engine, without savepoints and without what no page asks: once
    a second the door looks which domains there are.
    """
    seen: list[str] = []
    asking = threading.get_ident()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        of_a_page = not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", OF_THE_DOOR))
        if of_a_page and threading.get_ident() == asking:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
