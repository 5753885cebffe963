"""Threads: the list of posts that were answered, and one of them as tree, curve and list."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from flask import Response, jsonify, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from commons.permissions import Permission
from commons.web import allow, one_or_404
from community.inbox import threads
from community.inbox.figure import figure
from community.inbox.models import InteractionKind
from community.inbox.receiving import storable
from community.inbox.spread import by_minute
from community.inbox.threads import NODES_ON_A_PAGE, Order, Thread
from community.inbox.views import bp
from community.inbox.wording import Delays, kind_word


@bp.get("/threads")
@allow(Permission.INBOX_READ)
def thread_list() -> str:
    order = Order.LARGEST if request.args.get("order") == Order.LARGEST else Order.NEWEST
    before = storable(request.args.get("before", ""))
    page = threads.page(current_user, order, before)
    return render_template("community/inbox/threads.html", page=page, order=order, before=before)


@bp.get("/threads/<public_id>")
@allow(Permission.INBOX_READ)
def thread(public_id: str) -> str:
    thread = Thread(one_or_404(threads.visible_to(current_user), public_id))
    chosen = thread.place_of(request.args.get("node", ""))
    number = _page(thread, chosen)
    return render_template(
        "community/inbox/thread.html",
        thread=thread,
        post=thread.post,
        spread=thread.spread,
        figure=figure(thread, chosen),
        chosen=chosen,
        number=number,
        nodes=thread.page(number),
        first=(number - 1) * NODES_ON_A_PAGE + 1,
        delay=Delays(),
    )


@bp.get("/threads/<public_id>/curve")
@allow(Permission.INBOX_READ)
def curve(public_id: str) -> Response:
    post = one_or_404(threads.visible_to(current_user), public_id)
    moments = threads.moments(post, within=request.args.get("hours", type=int))
    minutes = [minute for minute, _count in by_minute([seconds for _kind, seconds in moments])] if moments else []
    counts = Counter((kind, max(0, seconds) // 60) for kind, seconds in moments)
    kinds = [kind for kind in InteractionKind if any(kind is shown for shown, _minute in counts)]
    return jsonify(
        x=[int((post.published_at + timedelta(minutes=minute)).timestamp()) for minute in minutes],
        series=[
            {"label": kind_word(kind), "values": [counts[kind, minute] for minute in minutes], "kind": "line"}
            for kind in kinds
        ],
        unit=_("a minute"),
    )


def _page(thread: Thread, chosen: int) -> int:
    """The page of the list that is asked for: the one with the chosen node, else by number."""
    if chosen:
        return (chosen - 1) // NODES_ON_A_PAGE + 1
    return min(max(1, request.args.get("page", 1, type=int)), thread.pages)
