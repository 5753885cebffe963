"""The lane on a phone and on a laptop: topics under way, one topic with its stopwatch, what came before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.approval.people import why_not
from campaigns.lane import reading, running, timing
from campaigns.lane.forms import DropForm, IdeaForm, TargetForm, TopicForm
from campaigns.lane.models import HotTopic, Idea
from campaigns.lane.wording import STAGE_WORDS
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.media.keeping import keep
from commons.permissions import Permission
from commons.security import posting_limit
from commons.web import allow, go, one_or_404, region
from community.channels.accounts import circle_account

bp = Blueprint("lane", __name__, url_prefix="/lane")


@bp.get("")
@allow(Permission.POST_READ)
def index() -> Response:
    return _index(TopicForm(formdata=None))


@bp.post("")
@allow(Permission.POST_WRITE)
@posting_limit
def see() -> Response:
    """Start the stopwatch."""
    form, at = TopicForm(), clock.now()
    if not form.validate_on_submit():
        return _index(form, 422)
    seen_at = at - timedelta(minutes=int(form.ago.data or 0))
    try:
        topic = running.see(form.title.data or "", form.source.data or "", by=current_user, at=at, seen_at=seen_at)
    except DomainError as refusal:
        form.form_errors.append(refusal.in_full)
        return _index(form, refusal.status)
    db.session.commit()
    return go(topic.url)


@bp.post("/target")
@allow(Permission.BRAND_MANAGE)
def set_target() -> Response:
    form = TargetForm()
    if form.validate_on_submit():
        running.set_target(form.minutes.data or 1, by=current_user, at=clock.now())
        db.session.commit()
        flash(_("Saved."), "good")
    else:
        flash(_("Enter a number of minutes from 1 to 1440."), "bad")
    return go(url_for("lane.index"))


@bp.get("/<public_id>")
@allow(Permission.POST_READ)
def show(public_id: str) -> Response:
    return _page(_visible(public_id))


@bp.get("/<public_id>/run")
@allow(Permission.POST_READ)
def run(public_id: str) -> Response:
    """The stopwatch and where it stands, for a page that waits."""
    topic = _visible(public_id)
    return region("campaigns/lane/_run.html", or_redirect=topic.url, **_context(topic))


@bp.post("/<public_id>/ideas")
@allow(Permission.POST_WRITE)
@posting_limit
def draw(public_id: str) -> Response:
    """Make a post of the topic, and send it for approval in the same breath unless it is only to be kept."""
    topic, form, at = _visible(public_id), IdeaForm(), clock.now()
    if not form.validate_on_submit():
        return _page(topic, form=form, status=422)
    try:
        file = form.picture.data
        picture = keep(file.stream, file.filename, current_user, at) if file and file.filename else None
        alt = form.alt.data or ""
        idea = running.draw(
            topic, form.text.data or "", form.accounts, picture=picture, alt=alt, by=current_user, at=at
        )
    except DomainError as refusal:
        db.session.rollback()
        return _page(_visible(public_id), form=form, refusal=refusal, status=refusal.status)
    db.session.commit()
    return _send(idea) if request.form.get("act") != "keep" else go(topic.url)


@bp.post("/ideas/<public_id>/send")
@allow(Permission.POST_WRITE)
@posting_limit
def send(public_id: str) -> Response:
    """Ask all approvers at once."""
    return _send(one_or_404(Idea.visible_to(current_user), public_id))


@bp.post("/<public_id>/drop")
@allow(Permission.POST_WRITE)
def drop(public_id: str) -> Response:
    topic, form = _visible(public_id), DropForm()
    if not form.validate_on_submit():
        return _page(topic, drop=form, status=422)
    try:
        running.drop(topic, form.reason.data or "", by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        return _page(_visible(public_id), drop=form, refusal=refusal, status=refusal.status)
    db.session.commit()
    flash(_("Dropped. On to the next."), "good")
    return go(url_for("lane.index"))


@bp.post("/<public_id>/take-up")
@allow(Permission.POST_WRITE)
def take_up(public_id: str) -> Response:
    topic = _visible(public_id)
    running.take_up(topic, by=current_user, at=clock.now())
    db.session.commit()
    return go(topic.url)


def _send(idea: Idea) -> Response:
    public_id = idea.topic.public_id
    try:
        running.send(idea, by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        return _page(_visible(public_id), refusal=refusal, status=refusal.status)
    db.session.commit()
    flash(_("Every approver has been asked."), "good")
    return go(url_for("lane.show", public_id=public_id))


def _visible(public_id: str) -> HotTopic:
    return one_or_404(HotTopic.visible_to(current_user), public_id)


def _index(form: TopicForm, status: int = 200) -> Response:
    past, target = reading.past(current_user), reading.target_seconds()
    page = render_template(
        "campaigns/lane/index.html",
        form=form,
        target_form=TargetForm(formdata=None, minutes=target // 60),
        runs=reading.running(current_user),
        past=past,
        medians=timing.medians([run.marks for run in past]),
        dropped=reading.dropped(current_user),
        target=target,
        stages=STAGE_WORDS,
        legs=timing.legs,
        leg_names=timing.LEGS,
        at=clock.now(),
    )
    return make_response(page, status)


def _page(topic: HotTopic, *, status: int = 200, **more: Any) -> Response:
    form = IdeaForm(formdata=None, channels=[circle_account().public_id])
    context = {**_context(topic), "form": form, "drop": DropForm(formdata=None), "refusal": None}
    return make_response(render_template("campaigns/lane/show.html", **{**context, **more}), status)


def _context(topic: HotTopic) -> dict[str, Any]:
    at, run, target = clock.now(), reading.run_of(topic), reading.target_seconds()
    asked = run.lead.request if run.lead else None
    return {
        "topic": topic,
        "run": run,
        "asked": asked,
        "may_decide": asked is not None and asked.is_pending and not why_not(asked, current_user),
        "legs": timing.legs(run.marks, at),
        "shares": timing.shares(run.marks, target, at),
        "target": target,
        "stages": STAGE_WORDS,
        "at": at,
    }
