"""A fan has posted the code on a network from which nothing comes to us by itself: look there now."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, flash
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock, security
from commons.db import db
from commons.extensions import limiter
from commons.permissions import Permission
from commons.web import allow, one_or_404
from community.channels import accounts
from community.channels.outcomes import Trouble
from community.handles import codes, looking
from community.handles.forms import PostForm
from community.handles.looking import Posted, mastodon, weibo
from community.handles.models import HandleCode
from community.handles.views import back, bp, page

# Two of the hundred calls that Weibo gives an account a day are one look; most of them are for posts.
weibo_limit: security.Limit = limiter.shared_limit(
    "4 per 15 minutes; 15 per day", scope="weibo", key_func=lambda: "all"
)


@bp.post("/code/<public_id>/post")
@allow(Permission.TAKE_PART)
@security.calling_limit
def look_at_post(public_id: str) -> Response:
    """Read the post on Mastodon whose address the fan pastes."""
    code, form = one_or_404(HandleCode.visible_to(current_user), public_id), PostForm()
    if not looking.places().mastodon or not form.validate_on_submit():
        return page(form, 422)
    number, address, at = code.id, form.address.data or "", clock.now()
    db.session.commit()
    try:
        posted = mastodon.post_at(address, at)
    except Trouble as trouble:
        form.address.errors = [trouble.words]
        return page(form, 422)
    return _seen([posted], number)


@bp.post("/code/<public_id>/mentions")
@allow(Permission.TAKE_PART)
@weibo_limit
def look_among_mentions(public_id: str) -> Response:
    """Read what mentions the brand on Weibo; a code of another fan that stands there is seen as well."""
    number, at = one_or_404(HandleCode.visible_to(current_user), public_id).id, clock.now()
    asked = [accounts.apart(account) for account in looking.places().weibo]
    db.session.commit()
    try:
        posted = [one for account in asked for one in weibo.newest(account, at)]
    except Trouble:
        flash(_("Weibo cannot be asked at the moment. Try again later, or sign in there instead."), "bad")
        return back()
    return _seen(posted, number)


def _seen(posted: Sequence[Posted], code_id: int) -> Response:
    codes.found(posted, clock.now())
    db.session.commit()
    code = db.session.get_one(HandleCode, code_id, populate_existing=True)
    if code.handle_id is None:
        flash(_("Your code is not there yet. Look whether it stands in the post word for word, and try again."), "warn")
    return back()
