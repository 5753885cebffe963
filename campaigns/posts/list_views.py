"""All posts, as a list."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from campaigns.planning.reading import listed as campaigns_listed
from campaigns.posts import folding, listing
from campaigns.posts.models import BrandPost
from campaigns.posts.planner import entries
from campaigns.posts.views import bp
from commons import clock
from commons.db import db
from commons.permissions import Permission
from commons.web import allow


@bp.get("")
@allow(Permission.POST_READ)
def index() -> str:
    chosen, places = listing.Filter.from_args(request.args), entries.accounts()
    return render_template(
        "campaigns/posts/index.html",
        chosen=chosen,
        page=listing.listed(chosen, current_user),
        counts=listing.counts(chosen, current_user),
        campaigns=campaigns_listed(current_user, clock.now()),
        places=[place for place in places.values() if place.is_open or place.public_id == chosen.channel],
        all_places=places,
        labels=listing.labels(),
        all_series=folding.series_choices(chosen.one_series, current_user),
        discarded=_just_discarded(),
    )


def _just_discarded() -> BrandPost | None:
    """The post that was thrown away a moment ago, to be taken back."""
    public_id = request.args.get("discarded", "")
    if not public_id:
        return None
    return db.session.scalar(BrandPost.discarded_for(current_user).where(BrandPost.public_id == public_id))
