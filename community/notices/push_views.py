"""The browsers to which a fan's notices are pushed: this one asked for, any of them removed."""

from __future__ import annotations

from flask import Response, request
from flask_login import current_user

from commons import clock
from commons.accounts import sessions
from commons.db import db
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, one_or_404
from community.members.current import the_member
from community.notices import wishes
from community.notices.push import browsers
from community.notices.push.addresses import Address
from community.notices.push.models import PushBrowser
from community.notices.views import bp, telling


@bp.post("/browsers")
@allow(Permission.TAKE_PART)
@posting_limit
def take_pushes() -> Response:
    """This browser takes the fan's notices from now on: it was asked, and gave its address."""
    member, sign_in, at = the_member(), sessions.this_sign_in(), clock.now()
    if sign_in is not None:
        given = Address(*(request.form.get(name, "") for name in ("endpoint", "p256dh", "auth")))
        browsers.subscribe(member, sign_in, given, request.user_agent.string, at)
        allowed = wishes.take_pushes(member.id, at)
        db.session.commit()
        return telling(waits=not allowed)
    return telling()


@bp.post("/browsers/<public_id>/remove")
@allow(Permission.TAKE_PART)
def remove_browser(public_id: str) -> Response:
    """Nothing is pushed to that browser any more."""
    browsers.remove(one_or_404(PushBrowser.visible_to(current_user), public_id))
    db.session.commit()
    return telling()
