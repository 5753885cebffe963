"""The feed and its posts: reading, liking, sharing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask_login import current_user

from commons import clock
from commons.db import db
from commons.panels import Panel, in_order
from commons.permissions import Permission
from commons.web import allow, is_htmx, one_or_404, public, region
from community.channels.models import ChannelPost
from community.circle import checking_in, commenting, liking, threads
from community.circle import feed as reading
from community.circle.forms import CommentForm, reply_form
from community.circle.slots import feed_asides
from community.inbox.models import Interaction
from community.loyalty.streaks import Streak
from community.members.current import current_member

bp = Blueprint("circle", __name__)

NO_STORE = {"Cache-Control": "no-store"}


@bp.context_processor
def _viewer() -> dict[str, Any]:
    """What every page of the circle asks about who looks."""
    return {
        "me": current_member(),
        "is_fan": current_user.is_authenticated and current_user.can(Permission.TAKE_PART),
        "can_speak": current_user.is_authenticated and commenting.may_speak(current_user),
        "is_mine": is_mine,
        "reply_form": reply_form,
        "limit": commenting.MOST_CHARACTERS,
    }


def is_mine(said: Interaction) -> bool:
    """Whether the visitor wrote this: as the fan behind the handle, or as the member of staff."""
    member = current_member()
    if member is not None:
        return said.author.member_id == member.id
    return bool(current_user.is_authenticated and said.author.user_id == current_user.id)


@bp.get("/")
@public
def root() -> Response:
    return make_response(redirect(url_for("circle.feed")))


@bp.get("/circle")
@public
def feed() -> str:
    """The newest posts, or those older than `before`; only posts naming `topic` where that is given."""
    topic = request.args.get("topic", "").strip("#").strip()[:40]
    before = one_or_404(reading.circle_posts(), request.args["before"]) if request.args.get("before") else None
    page = reading.page(current_member(), before=before, topic=topic)
    if is_htmx():
        return render_template("community/circle/_cards.html", page=page, topic=topic)
    return render_template(
        "community/circle/feed.html", page=page, topic=topic, before=before, asides=_asides(), streak=_streak()
    )


@bp.get("/circle/arrivals")
@public
def arrivals() -> Response:
    """Posts that came since `after`, as markup for the top of the feed; 204 when there are none."""
    cards = reading.arrivals(current_member(), request.args.get("after", ""))
    if not cards:
        return make_response("", 204, NO_STORE)
    newest = reading.newest_of(cards)
    return make_response(render_template("community/circle/_arrivals.html", cards=cards, newest=newest), NO_STORE)


@bp.get("/circle/posts/<public_id>")
@public
def post(public_id: str) -> str:
    """A post with its comments: the newest, those older than `before`, or those from the thread of `start` on."""
    shown = one_or_404(reading.circle_posts(), public_id)
    page = threads.page(
        shown, before=_comment("before", shown), start=_comment("start", shown), whole=bool(request.args.get("whole"))
    )
    context = {"page": page, "post": shown, "levels": threads.levels_in(page.threads)}
    if is_htmx():
        return render_template("community/circle/_threads.html", **context)
    return render_template(
        "community/circle/post.html",
        **context,
        card=reading.card(shown, current_member()),
        form=CommentForm(),
        from_top=not page.threads or threads.is_newest(shown, page.threads[0].root),
    )


@bp.post("/circle/posts/<public_id>/like")
@allow(Permission.TAKE_PART)
def like(public_id: str) -> Response:
    """Like the post (`on` = 1) or take the like back (0)."""
    member = current_member()
    shown = one_or_404(reading.circle_posts(), public_id)
    if member is not None:
        (liking.like if request.form.get("on") == "1" else liking.unlike)(shown, member, clock.now())
        db.session.commit()
    card = reading.card(shown, member)
    return region("community/circle/_like.html", card=card, or_redirect=_post_url(shown))


@bp.post("/circle/posts/<public_id>/share")
@allow(Permission.TAKE_PART)
def share(public_id: str) -> Response:
    """The member's own address of the post, ready to be passed on."""
    member = current_member()
    shown = one_or_404(reading.circle_posts(), public_id)
    address = liking.share(shown, member, clock.now()) if member is not None else _post_url(shown)
    db.session.commit()
    return region("community/circle/_share.html", post=shown, address=address, qr=_qr(address))


def _qr(address: str) -> str:
    """Where the QR code of a tracked link is drawn; empty for any other address."""
    before, found, slug = address.rpartition("/l/")
    return url_for("links.qr", slug=slug) if found and before and "links.qr" in current_app.view_functions else ""


def _post_url(post: ChannelPost) -> str:
    return url_for("circle.post", public_id=post.public_id)


def _comment(argument: str, post: ChannelPost) -> Interaction | None:
    public_id = request.args.get(argument, "")
    return one_or_404(threads.comments_of(post), public_id) if public_id else None


def _asides() -> list[Panel]:
    user = current_user if current_user.is_authenticated else None
    return in_order([plug(user, clock.now()) for plug in feed_asides])


def _streak() -> Streak | None:
    member = current_member()
    return checking_in.streak_of(member, clock.now()) if member is not None else None
