"""All posts: as a list and as a calendar."""

from __future__ import annotations

from flask import Response, make_response, render_template, request
from flask_login import current_user

from campaigns.planning.reading import listed as campaigns_listed
from campaigns.posts import calendar, listing
from campaigns.posts.models import BrandPost
from campaigns.posts.views import bp
from commons import clock, i18n, zones
from commons.db import db
from commons.permissions import Permission
from commons.web import allow


@bp.get("")
@allow(Permission.POST_READ)
def index() -> str:
    chosen = listing.Filter.from_args(request.args)
    return render_template(
        "campaigns/posts/index.html",
        chosen=chosen,
        page=listing.listed(chosen, current_user),
        counts=listing.counts(chosen, current_user),
        campaigns=campaigns_listed(current_user, clock.now()),
        discarded=_just_discarded(),
    )


@bp.get("/calendar")
@allow(Permission.POST_READ)
def month() -> Response:
    zone = i18n.zone()
    today = zones.day_of(clock.now(), zone)
    chosen = calendar.Filter.from_args(request.args, today)
    context = {"chosen": chosen, "today": today, "shown_zone": zone}
    context["campaigns"] = campaigns_listed(current_user, clock.now())
    if chosen.as_list:
        context["days"] = calendar.agenda(chosen, zone)
        return make_response(render_template("campaigns/posts/agenda.html", **context))
    context["weeks"] = calendar.weeks(chosen, zone)
    return make_response(render_template("campaigns/posts/calendar.html", **context))


def _just_discarded() -> BrandPost | None:
    """The post that was thrown away a moment ago, to be taken back."""
    public_id = request.args.get("discarded", "")
    if not public_id:
        return None
    return db.session.scalar(BrandPost.discarded_for(current_user).where(BrandPost.public_id == public_id))
