"""The page of feeds, and the feeds themselves."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload

from campaigns.planning.models import Campaign
from campaigns.planning.reading import listed as campaigns_listed
from campaigns.posts.feeds import making, writing
from campaigns.posts.feeds.models import CalendarFeed
from commons import clock
from commons.db import db
from commons.errors import Invalid
from commons.extensions import limiter
from commons.permissions import Permission
from commons.security import Limit, posting_limit, visitor_address
from commons.web import absolute_url, allow, go, one_or_404, public
from community.channels.accounts import open_accounts
from community.channels.models import ChannelAccount

bp = Blueprint("post_feeds", __name__, url_prefix="/posts/feeds")

# Calendars ask a few times an hour; a whole office may stand behind one address.
reading_limit: Limit = limiter.shared_limit(
    "60 per minute; 1200 per hour", scope="reading feeds", key_func=visitor_address
)
KEEP_SECONDS = 300


@bp.get("")
@allow(Permission.POST_SCHEDULE)
def index() -> str:
    return _page()


@bp.post("")
@allow(Permission.POST_SCHEDULE)
@posting_limit
def make() -> Response:
    """A new feed. The answer shows its address, this once."""
    feed, token = making.make(_wanted(request.form.get("of", "")), by=current_user, at=clock.now())
    db.session.commit()
    return make_response(_page(feed, token))


@bp.post("/<public_id>/renew")
@allow(Permission.POST_SCHEDULE)
@posting_limit
def renew(public_id: str) -> Response:
    feed = one_or_404(CalendarFeed.visible_to(current_user), public_id)
    token = making.renew(feed, by=current_user, at=clock.now())
    db.session.commit()
    return make_response(_page(feed, token))


@bp.post("/<public_id>/end")
@allow(Permission.POST_SCHEDULE)
def end(public_id: str) -> Response:
    feed = one_or_404(CalendarFeed.visible_to(current_user), public_id)
    making.end(feed, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The feed has ended; nothing is at its address any more."), "good")
    return go(url_for("post_feeds.index"))


@bp.get("/<secret>.ics")
@public
@reading_limit
def read(secret: str) -> Response:
    """The feed itself, for a calendar program: whoever knows the address reads it."""
    feed = making.of_token(secret)
    if feed is None:
        abort(404)
    answer = make_response(writing.written(feed, clock.now()))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'inline; filename="posts.ics"'
    answer.headers["Cache-Control"] = f"private, max-age={KEEP_SECONDS}"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _page(shown: CalendarFeed | None = None, token: str = "") -> str:
    query = CalendarFeed.visible_to(current_user).options(joinedload(CalendarFeed.made_by))
    return render_template(
        "campaigns/posts/feeds/index.html",
        feeds=db.session.scalars(query.order_by(CalendarFeed.made_at.desc())).all(),
        accounts=open_accounts(),
        campaigns=campaigns_listed(current_user, clock.now()),
        title_of=making.title_of,
        shown=shown,
        address=absolute_url("post_feeds.read", secret=token) if token else "",
    )


def _wanted(chosen: str) -> ChannelAccount | Campaign | None:
    """What `account:<id>` or `campaign:<id>` names; nothing for the whole team."""
    kind, _colon, public_id = chosen.partition(":")
    if kind == "account":
        found = next((account for account in open_accounts() if account.public_id == public_id), None)
        if found is None:
            raise Invalid(_("This channel is not connected."))
        return found
    if kind == "campaign":
        return one_or_404(Campaign.visible_to(current_user, clock.now()), public_id)
    return None
