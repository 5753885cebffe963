"""A/B tests on screen: beginning one, watching without peeking, choosing."""

from __future__ import annotations

from datetime import datetime

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.pages import drafting, versions
from campaigns.pages.experiments import measuring, reading, running
from campaigns.pages.experiments.forms import ExperimentForm, PageTestForm, PostTestForm
from campaigns.pages.experiments.models import Experiment, Goal, Variant
from campaigns.pages.experiments.running import Wanted, WantedVariant
from campaigns.pages.experiments.wording import GOAL_WORDS
from campaigns.pages.views import bp, campaign_named
from campaigns.planning.models import Campaign
from commons import clock
from commons.acting import act
from commons.db import db
from commons.errors import DomainError, NotAllowed
from commons.permissions import Permission
from commons.web import allow, go, one_or_404
from community.channels.models import ChannelPost
from community.circle.feed import circle_posts, posts_of_campaign


@bp.get("/<public_id>/tests")
@allow(Permission.CAMPAIGN_READ)
def experiments(public_id: str) -> str:
    """All tests of the campaign, and what may be tested."""
    campaign = campaign_named(public_id)
    page = drafting.page_of(campaign)
    return render_template(
        "campaigns/pages/experiments/index.html",
        campaign=campaign,
        experiments=reading.of_campaign(campaign),
        goals=GOAL_WORDS,
        versions=versions.versions_of(page) if page else [],
        posts=posts_of_campaign(campaign.id),
    )


@bp.get("/<public_id>/tests/new")
@allow(Permission.EXPERIMENT_RUN)
def new_experiment(public_id: str) -> Response:
    """A test of the page; with `?post=` of that post."""
    campaign = campaign_named(public_id)
    post = _post(campaign)
    form = PostTestForm(formdata=None) if post else _page_form(campaign, fresh=True)
    return _form_page(campaign, form, post)


@bp.post("/<public_id>/tests/new")
@allow(Permission.EXPERIMENT_RUN)
def start_experiment(public_id: str) -> Response:
    campaign, at = campaign_named(public_id), clock.now()
    post = _post(campaign)
    form: ExperimentForm = PostTestForm() if post else _page_form(campaign)
    if not form.validate_on_submit():
        return _form_page(campaign, form, post, 422)
    if post is not None and not current_user.can(Permission.POST_APPROVE):
        raise NotAllowed(
            _("Other words of a post go out without review, so whoever tests them must be allowed to approve.")
        )
    try:
        experiment = running.start(campaign, _wanted(form, post), by=current_user, at=at)
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.in_full)
        return _form_page(campaign_named(public_id), form, _post(campaign), refusal.status)
    db.session.commit()
    flash(_("The test is running. It is decided once every variant has its people."), "good")
    return go(url_for("pages.experiment", public_id=public_id, experiment_id=experiment.public_id))


@bp.get("/<public_id>/tests/<experiment_id>")
@allow(Permission.CAMPAIGN_READ)
def experiment(public_id: str, experiment_id: str) -> str:
    campaign = campaign_named(public_id)
    found = _experiment(campaign, experiment_id)
    return render_template(
        "campaigns/pages/experiments/show.html",
        campaign=campaign,
        experiment=found,
        outcome=measuring.outcome(found, clock.now()),
        goal=GOAL_WORDS[found.goal],
    )


@bp.post("/<public_id>/tests/<experiment_id>/choose")
@allow(Permission.EXPERIMENT_RUN)
def choose_variant(public_id: str, experiment_id: str) -> Response:
    """End the test with the variant that the form names."""
    campaign, at = campaign_named(public_id), clock.now()
    found = _experiment(campaign, experiment_id)
    variant = next((one for one in found.variants if one.public_id == request.form.get("variant")), None)
    back = url_for("pages.experiment", public_id=public_id, experiment_id=experiment_id)
    if variant is None:
        flash(_("Choose a variant."), "bad")
        return go(back)
    said = _("The test is over: “%(name)s” stays.", name=variant.name)
    return act(lambda: _choose(found, variant, at), said, back)


@bp.post("/<public_id>/tests/<experiment_id>/stop")
@allow(Permission.EXPERIMENT_RUN)
def stop_experiment(public_id: str, experiment_id: str) -> Response:
    found = _experiment(campaign_named(public_id), experiment_id)
    running.stop(found, by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The test is stopped. Everybody sees what stood before."), "good")
    return go(url_for("pages.experiment", public_id=public_id, experiment_id=experiment_id))


def _choose(found: Experiment, variant: Variant, at: datetime) -> None:
    is_decided = found.ended_at is not None or measuring.outcome(found, at).is_decided
    running.choose(found, variant, is_decided=is_decided, by=current_user, at=at)


def _wanted(form: ExperimentForm, post: ChannelPost | None) -> Wanted:
    return Wanted(
        name=form.name.data or "",
        goal=Goal(form.goal.data),
        base_rate=float(form.base_rate.data or 0) / 100,
        effect=float(form.effect.data or 0) / 100,
        variants=_post_variants(form, post) if isinstance(form, PostTestForm) else _page_variants(form),
        post=post,
    )


def _page_variants(form: ExperimentForm) -> list[WantedVariant]:
    assert isinstance(form, PageTestForm)
    lines = [line.form for line in form.variants if line.form.version.data in form.versions]
    found = [(form.versions[line.version.data], line.share.data or 1) for line in lines]
    return [WantedVariant(_("Version %(number)s", number=version.number), share, version) for version, share in found]


def _post_variants(form: PostTestForm, post: ChannelPost | None) -> list[WantedVariant]:
    lines = [line.form for line in form.variants if (line.form.text.data or "").strip()]
    as_it_is = WantedVariant(_("As it is"), form.first_share.data or 1, text=post.text if post else "")
    others = [
        WantedVariant(chr(ord("B") + place), line.share.data or 1, text=(line.text.data or "").strip())
        for place, line in enumerate(lines)
    ]
    return [as_it_is, *others]


def _page_form(campaign: Campaign, *, fresh: bool = False) -> PageTestForm:
    page = drafting.page_of(campaign)
    kept = versions.versions_of(page) if page else []
    return PageTestForm(formdata=None, versions=kept) if fresh else PageTestForm(versions=kept)


def _post(campaign: Campaign) -> ChannelPost | None:
    """The post that `?post=` names: one of the campaign in the circle."""
    wanted = request.args.get("post", "")
    if not wanted:
        return None
    return one_or_404(circle_posts().where(ChannelPost.campaign_id == campaign.id), wanted)


def _form_page(campaign: Campaign, form: ExperimentForm, post: ChannelPost | None, status: int = 200) -> Response:
    page = render_template("campaigns/pages/experiments/new.html", campaign=campaign, form=form, post=post)
    return make_response(page, status)


def _experiment(campaign: Campaign, public_id: str) -> Experiment:
    query = Experiment.visible_to(current_user).where(Experiment.campaign_id == campaign.id)
    return one_or_404(query, public_id)
