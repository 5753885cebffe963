"""The pages of series: all of them, one with its days, setting one up, changing it from some day on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from campaigns.posts.drafts import Content
from campaigns.posts.models import BrandPost
from campaigns.posts.series import changing, reading, recurring, stamping, today
from campaigns.posts.series.forms import USUAL_TIME, NewSeriesForm, SeriesForm, usual, values_of
from campaigns.posts.series.models import Series
from commons import clock, i18n, zones
from commons.db import db
from commons.errors import DomainError
from commons.paging import asked_page
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, one_or_404, region
from community.channels.accounts import open_accounts
from community.channels.models import ChannelAccount

bp = Blueprint("post_series", __name__, url_prefix="/posts/series")


@bp.get("")
@allow(Permission.POST_READ)
def index() -> str:
    at = clock.now()
    page = reading.listed(current_user, at, asked_page())
    return render_template("campaigns/posts/series/index.html", page=page, blocked=today.blocked(at))


@bp.get("/new")
@allow(Permission.POST_SCHEDULE)
def new() -> Response:
    """A new series; `?post=` names a post whose words, pictures and channels it takes over."""
    post = _source()
    form = NewSeriesForm(
        **usual(_first_day()), text=post.text if post else "", accounts=[one.public_id for one in _usual(post)]
    )
    return _new_page(form, post)


@bp.post("/new")
@allow(Permission.POST_SCHEDULE)
@posting_limit
def set_up() -> Response:
    post, form = _source(), NewSeriesForm()
    if not form.validate_on_submit():
        return _new_page(form, post, status=422)
    try:
        series = changing.set_up(form.wanted, _content(form, post), by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        return _new_page(form, _source(), refusal=refusal, status=refusal.status)
    db.session.commit()
    _say_done(series, _("The series is set up; its first posts stand in the calendar."))
    return go(series.url)


@bp.post("/preview")
@allow(Permission.POST_READ)
def preview() -> Response:
    """The rule that stands in the form, in words, with its next days."""
    form = SeriesForm()
    form.validate()
    return region(
        "campaigns/posts/series/_preview.html", preview=reading.of_form(form, clock.now()), wrong=form.rule_errors
    )


@bp.get("/<public_id>")
@allow(Permission.POST_READ)
def show(public_id: str) -> str:
    series = one_or_404(Series.visible_to(current_user), public_id)
    return render_template("campaigns/posts/series/show.html", **_shown(series))


@bp.get("/<public_id>/change")
@allow(Permission.POST_SCHEDULE)
def change_form(public_id: str) -> Response:
    """The series as it is to be from a day on, by default from the next one."""
    series = one_or_404(Series.visible_to(current_user), public_id)
    start = reading.next_day(series, clock.now(), _day(request.args.get("from", "")))
    rule = recurring.rest(series.recurrence, series.starts_on, start)
    return _change_page(series, SeriesForm(**values_of(series, rule, start)))


@bp.post("/<public_id>/change")
@allow(Permission.POST_SCHEDULE)
@posting_limit
def change(public_id: str) -> Response:
    series, form = one_or_404(Series.visible_to(current_user), public_id), SeriesForm()
    if not form.validate_on_submit():
        return _change_page(series, form, status=422)
    try:
        series = changing.change(series, form.wanted, by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        series = one_or_404(Series.visible_to(current_user), public_id)
        return _change_page(series, form, refusal=refusal, status=refusal.status)
    db.session.commit()
    _say_done(series, _("The series is changed from that day on."))
    return go(series.url)


@bp.post("/<public_id>/skip")
@allow(Permission.POST_SCHEDULE)
def skip(public_id: str) -> Response:
    series = one_or_404(Series.visible_to(current_user), public_id)
    changing.skip(series, _posted_day(), by=current_user, at=clock.now())
    return _days(series)


@bp.post("/<public_id>/take-in")
@allow(Permission.POST_SCHEDULE)
def take_in(public_id: str) -> Response:
    series = one_or_404(Series.visible_to(current_user), public_id)
    changing.take_in(series, _posted_day(), by=current_user, at=clock.now())
    return _days(series)


@bp.post("/<public_id>/end")
@allow(Permission.POST_SCHEDULE)
def end(public_id: str) -> Response:
    series = one_or_404(Series.visible_to(current_user), public_id)
    count = changing.end(series, by=current_user, at=clock.now())
    db.session.commit()
    flash(
        ngettext(
            "The series has ended; %(num)s post was cancelled.",
            "The series has ended; %(num)s posts were cancelled.",
            count,
        ),
        "good",
    )
    return go(series.url)


@bp.post("/follow/<public_id>")
@allow(Permission.POST_SCHEDULE)
def follow(public_id: str) -> Response:
    """What was edited in this post holds for it and all that follow in its series."""
    post = one_or_404(BrandPost.visible_to(current_user), public_id)
    row = changing.row_of(post)
    if row is None:
        abort(404)
    series = changing.follow(row, by=current_user, at=clock.now())
    db.session.commit()
    _say_done(series, _("From that day on the series says what this post says."))
    return go(series.url)


def _say_done(series: Series, words: str) -> None:
    """That it was done, unless its posts could not be planned: then that."""
    if series.id in today.blocked(clock.now()):
        flash(_("Saved, but not every day could be planned. The reasons stand with the days."), "warn")
    else:
        flash(words, "good")


def _days(series: Series) -> Response:
    db.session.commit()
    return region("campaigns/posts/series/_days.html", or_redirect=series.url, **_shown(series))


def _shown(series: Series) -> dict[str, Any]:
    at = clock.now()
    return {
        "series": series,
        "days": reading.days_of(series, at),
        "past": reading.past_of(series, at),
        "has_news": series.ended_at is None and changing.has_news(series),
        "goes_on_in": reading.goes_on_in(series),
        "at": at,
    }


def _new_page(
    form: NewSeriesForm, post: BrandPost | None, *, refusal: DomainError | None = None, status: int = 200
) -> Response:
    context: dict[str, Any] = {
        "form": form,
        "post": post,
        "refusal": refusal,
        "preview": reading.of_form(form, clock.now()),
        "wrong": [],
    }
    return make_response(render_template("campaigns/posts/series/new.html", **context), status)


def _change_page(
    series: Series, form: SeriesForm, *, refusal: DomainError | None = None, status: int = 200
) -> Response:
    context: dict[str, Any] = {
        "form": form,
        "series": series,
        "refusal": refusal,
        "preview": reading.of_form(form, clock.now()),
        "wrong": [],
    }
    context["has_news"] = changing.has_news(series)
    return make_response(render_template("campaigns/posts/series/change.html", **context), status)


def _content(form: NewSeriesForm, post: BrandPost | None) -> Content:
    return stamping.composed(form.text.data or "", form.accounts.data or (), form.campaign.data or None, source=post)


def _source() -> BrandPost | None:
    """The post that the series begins from, if the address names one."""
    public_id = request.values.get("post", "")
    return one_or_404(BrandPost.visible_to(current_user), public_id) if public_id else None


def _usual(post: BrandPost | None) -> list[ChannelAccount]:
    return [variant.account for variant in post.variants] if post else open_accounts()[:1]


def _first_day() -> date:
    """On which day a new series begins if nothing else is said: today, as long as its usual time is to come."""
    now = zones.to_local(clock.now(), i18n.zone())
    return now.date() if now.time() < USUAL_TIME else now.date() + timedelta(days=1)


def _posted_day() -> date:
    day = _day(request.form.get("day", ""))
    if day is None:
        abort(422)
    return day


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
