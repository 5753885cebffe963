"""The inbox: everything that came back, what is newer, and the same as a file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from commons import clock, i18n
from commons.db import db
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow
from community.channels.models import ChannelPost
from community.inbox import listing, sheet
from community.inbox.forms import FilterForm
from community.inbox.listing import Criteria, InboxPage
from community.inbox.models import Interaction
from community.inbox.receiving import storable
from community.inbox.wording import KIND_ICONS, channel_word, duration, kind_word
from community.members.models import Handle

bp = Blueprint("inbox", __name__, url_prefix="/inbox")


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "kind_word": kind_word,
        "kind_icon": KIND_ICONS.__getitem__,
        "channel_word": channel_word,
        "duration": duration,
        "place_of": place_of,
    }


@bp.get("")
@allow(Permission.INBOX_READ)
def index() -> Response:
    form = FilterForm(request.args)
    usable = form.validate()
    criteria = _criteria(form)
    before = storable(request.args.get("before", ""))
    html = render_template(
        "community/inbox/index.html",
        form=form,
        criteria=criteria,
        page=listing.page(current_user, criteria, before) if usable else InboxPage([], None),
        pulse=listing.pulse(clock.now()),
        newest=listing.newest(current_user),
        before=before,
        chosen_post=_named(ChannelPost, criteria.post),
        chosen_author=_named(Handle, criteria.author),
    )
    return make_response(html, 200 if usable else 422)


@bp.get("/newer")
@allow(Permission.INBOX_READ)
def newer() -> str:
    form = FilterForm(request.args)
    criteria = _criteria(form) if form.validate() else Criteria()
    after = storable(request.args.get("after", ""))
    count = listing.count_newer(current_user, criteria, after)
    return render_template("community/inbox/_newer.html", criteria=criteria, newest=after, count=count)


@bp.get("/inbox.csv")
@allow(Permission.INBOX_READ)
def export() -> Response:
    form = FilterForm(request.args)
    rows = listing.rows(current_user, _criteria(form)) if form.validate() else iter(())
    return csv_answer(sheet.table(rows, i18n.zone()), f"inbox-{clock.now():%Y%m%d-%H%M}")


def place_of(one: Interaction) -> str | None:
    """Where an interaction can be seen among its neighbours; None for one that hangs under no post."""
    if one.post is None:
        return None
    where = {"public_id": one.post.public_id, "node": one.public_id, "_anchor": f"node-{one.public_id}"}
    return url_for("inbox.thread", **where)  # type: ignore[arg-type]


def _criteria(form: FilterForm) -> Criteria:
    """What a valid form asks for; of one that is not, nothing."""
    if form.errors:
        return Criteria()
    texts = {name: storable((form[name].data or "").strip()) for name in ("kind", "channel", "post", "author", "q")}
    return Criteria(**texts, since=form.since.data, until=form.until.data, zone=i18n.zone())


def _named(model: Any, public_id: str) -> Any:
    return db.session.scalar(select(model).where(model.public_id == public_id)) if public_id else None
