"""The circles and their feeds: finding, joining, leaving, the weekly mood."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.db import db
from commons.permissions import Permission
from commons.web import allow, go, one_or_404, public
from community.circle.commenting import MOST_CHARACTERS
from community.circle.interests import circles, joining, meeting, mood, posting, reading, reporting, waiting
from community.circle.interests.forms import PostForm
from community.circle.interests.models import CirclePost, InterestCircle, Measure
from community.members.current import current_member, the_member
from community.members.models import Handle, Member
from community.members.profiles import consents
from community.members.profiles.models import Purpose

bp = Blueprint("interests", __name__, url_prefix="/circle/interests")


@bp.context_processor
def _viewer() -> dict[str, Any]:
    """What every page of the circles asks about who looks."""
    return {
        "me": current_member(),
        "is_fan": current_user.is_authenticated and current_user.can(Permission.TAKE_PART),
        "is_mine": is_mine,
        "limit": MOST_CHARACTERS,
    }


def is_mine(post: CirclePost) -> bool:
    """Whether the visitor wrote this."""
    member = current_member()
    if member is not None:
        return post.author.member_id == member.id
    return bool(current_user.is_authenticated and post.author.user_id == current_user.id)


def own_handle() -> Handle:
    """Under which name the visitor acts in the circles; 404 for who has no part in them. Not for pages: it may write."""
    handle = posting.handle_for(current_user, clock.now())
    if handle is None:
        abort(404)
    return handle


def can_write(circle: InterestCircle) -> bool:
    """Whether the visitor may write here now."""
    if posting.speaks_for_the_brand(current_user):
        return circle.closed_at is None
    return posting.may_write(circle, posting.known_handle(current_user), clock.now())


def mute_of(circle: InterestCircle) -> Measure | None:
    """The mute under which the visitor is here."""
    handle = posting.known_handle(current_user)
    muted = handle is not None and handle.member_id is not None
    return posting.mute_of(circle, handle, clock.now()) if handle is not None and muted else None


@bp.get("")
@public
def index() -> str:
    """Every open circle: one's own first, then the others."""
    member = current_member()
    shown = db.session.scalars(
        InterestCircle.visible_to(current_user)
        .where(InterestCircle.closed_at.is_(None))
        .order_by(InterestCircle.opened_at, InterestCircle.id)
    ).all()
    mine = {one.id for one in joining.circles_of(member)} if member is not None else set()
    lines = circles.lines(shown, clock.now())
    return render_template(
        "community/circle/interests/index.html",
        mine=[line for line in lines if line.circle.id in mine],
        others=[line for line in lines if line.circle.id not in mine],
    )


@bp.get("/<public_id>")
@public
def circle(public_id: str) -> str:
    """The circle with its feed: the newest, those older than `before`, the featured ones, or those of one member (`by`)."""
    shown = _circle(public_id)
    return circle_page(shown, PostForm())


@bp.post("/<public_id>/join")
@allow(Permission.TAKE_PART)
def join(public_id: str) -> Response:
    shown = _circle(public_id)
    joining.join(shown, the_member(), clock.now())
    db.session.commit()
    flash(_("You belong to “%(circle)s” now.", circle=shown.name), "good")
    return go(url_for("interests.circle", public_id=public_id))


@bp.post("/<public_id>/leave")
@allow(Permission.TAKE_PART)
def leave(public_id: str) -> Response:
    shown = _circle(public_id)
    joining.leave(shown, the_member(), clock.now())
    db.session.commit()
    flash(_("You have left “%(circle)s”. What you wrote stays.", circle=shown.name))
    return go(url_for("interests.index"))


@bp.post("/<public_id>/mood")
@allow(Permission.TAKE_PART)
def tell_mood(public_id: str) -> Response:
    """How the member feels here this week."""
    shown = _circle(public_id)
    value = request.form.get("value", "")
    mood.tell_mood(shown, the_member(), int(value) if value in {"1", "2", "3", "4", "5"} else 0, clock.now())
    db.session.commit()
    return go(url_for("interests.circle", public_id=public_id) + "#mood")


@bp.get("/<public_id>/mood.json")
@public
def mood_curve(public_id: str) -> Response:
    """The mood by week, as numbers; weeks with too few answers carry no mean."""
    return jsonify(mood.curve(_circle(public_id), clock.now()))


def circle_page(shown: InterestCircle, form: PostForm) -> str:
    """The whole page of a circle."""
    at, member, keeps = clock.now(), current_member(), joining.tends(current_user, shown)
    author = _author(shown)
    before = one_or_404(reading.standing(current_user), request.args["before"]) if request.args.get("before") else None
    featured = request.args.get("only") == "featured"
    page = reading.page(shown, before=before, featured=featured, author=author)
    return render_template(
        "community/circle/interests/circle.html",
        circle=shown,
        page=page,
        form=form,
        author=author,
        featured=featured,
        before=before,
        membership=joining.membership_of(shown, member),
        can_write=can_write(shown),
        mute=mute_of(shown),
        keeps=keeps,
        waits=waiting.for_keeper(current_user, shown) if keeps else 0,
        line=circles.lines([shown], at)[0],
        hosts=circles.hosts_of(shown),
        people=meeting.people(shown, member, at) if member is not None else [],
        asks_for_recommendations=member is not None and not consents.given(member.id, Purpose.RECOMMENDATIONS),
        mood=mood.mood_of(shown, member, at) if member is not None else None,
        moods=mood.WORDS,
        mood_lately=mood.lately(mood.weeks(shown, at)),
        fewest=mood.FEWEST_ANSWERS,
        reported=reporting.has_reported(_posts(page), member) if member is not None else set(),
    )


def _posts(page: reading.FeedPage) -> list[CirclePost]:
    return [card.post for card in (*page.pinned, *page.cards)]


def _circle(public_id: str) -> InterestCircle:
    return one_or_404(InterestCircle.visible_to(current_user), public_id)


def _author(shown: InterestCircle) -> Member | None:
    """The member whose posts alone are asked for: anybody who wrote in this circle."""
    public_id = request.args.get("by", "")
    if not public_id:
        return None
    return one_or_404(meeting.who_wrote_in(shown), public_id)
