"""The pages for tables of posts: choosing a file, looking at its rows, the report; and the way out."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload

from campaigns.planning.reading import listed as campaigns_listed
from campaigns.posts import listing
from campaigns.posts.exchange import leaving
from campaigns.posts.exchange.forms import PostImportForm
from campaigns.posts.exchange.importing import REHEARSED, posts_in
from campaigns.posts.exchange.models import PostImportRow
from commons import clock, zones
from commons.permissions import Permission
from commons.sheets.pages import ImportPages
from commons.tables import table_answer
from commons.web import allow

bp = Blueprint("post_tables", __name__, url_prefix="/posts")

ImportPages(
    kind=posts_in,
    permission=Permission.POST_WRITE,
    form=PostImportForm,
    choose="campaigns/posts/exchange/choose.html",
    look="campaigns/posts/exchange/look.html",
    name="posts",
    row_options=[joinedload(PostImportRow.post)],
    more={"rehearsed": REHEARSED},
).put_onto(bp)


@bp.get("/export")
@allow(Permission.POST_READ)
def export() -> str:
    chosen = listing.Filter.from_args(request.args)
    return render_template(
        "campaigns/posts/exchange/export.html",
        chosen=chosen,
        asked=chosen.to(chosen.tab),
        count=len(_chosen_ids()),
        most=leaving.MOST,
        campaigns=campaigns_listed(current_user, clock.now()),
    )


@bp.get("/export.<any(csv, xlsx):kind>")
@allow(Permission.POST_READ)
def export_file(kind: str) -> Response:
    """The posts that the list shows with the same filters."""
    name = f"posts-{zones.day_of(clock.now(), 'UTC')}"
    return table_answer(kind, [(_("Posts"), leaving.table(_chosen_ids()))], name, leaving.WIDTHS)


def _chosen_ids() -> list[int]:
    chosen = listing.Filter.from_args(request.args)
    return listing.ids_of(chosen, current_user)[: leaving.MOST]
