"""Versions and publications of a page: comparing, going back, publishing now or later."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.pages import drafting, publishing, versions
from campaigns.pages.comparing import changes
from campaigns.pages.editing import draft_of
from campaigns.pages.forms import PublishForm, ScheduleForm
from campaigns.pages.models import PageVersion, Publication
from campaigns.pages.views import bp, campaign_named, number
from campaigns.planning.models import Campaign
from commons import clock, i18n
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.web import allow, go, one_or_404


@bp.get("/<public_id>/versions")
@allow(Permission.CAMPAIGN_READ)
def history(public_id: str) -> Response:
    """All versions and publications; `?old=` and `?new=` are compared, by default what fans see with the draft."""
    return _page(campaign_named(public_id))


@bp.post("/<public_id>/versions")
@allow(Permission.PAGE_WRITE)
def keep(public_id: str) -> Response:
    """Keep the draft as a version without publishing it: for a test, say."""
    campaign, at = campaign_named(public_id), clock.now()
    page = drafting.begun(campaign, by=current_user, at=at)
    try:
        version = versions.keep(page, revision=number("revision", 0), by=current_user, at=at)
    except DomainError as refusal:
        return _refused(campaign, refusal)
    db.session.commit()
    flash(_("Kept as version %(number)s.", number=version.number), "good")
    return _back(campaign)


@bp.post("/<public_id>/versions/<version_id>/restore")
@allow(Permission.PAGE_WRITE)
def restore(public_id: str, version_id: str) -> Response:
    campaign = campaign_named(public_id)
    version = _version(campaign, version_id)
    try:
        versions.restore(version, revision=number("revision", 0), by=current_user, at=clock.now())
    except DomainError as refusal:
        return _refused(campaign, refusal)
    db.session.commit()
    flash(
        _("The draft is what version %(number)s was. Fans see it once you publish it.", number=version.number), "good"
    )
    return go(url_for("pages.editor", public_id=public_id))


@bp.post("/<public_id>/publish")
@allow(Permission.PAGE_PUBLISH)
def publish(public_id: str) -> Response:
    """Keep the draft as a version and publish it, at once (`act` is now) or at the time of the form."""
    campaign, form, at = campaign_named(public_id), PublishForm(), clock.now()
    is_now = request.form.get("act") == "now"
    if is_now:
        del form.when, form.zone
    if not form.validate_on_submit():
        return _page(campaign, form, 422)
    page = drafting.begun(campaign, by=current_user, at=at)
    try:
        version = versions.keep(page, revision=number("revision", 0), by=current_user, at=at, note=form.note.data or "")
        if is_now:
            said = _now(version)
        else:
            publishing.schedule(version, form.when.data or at, form.zone.data, by=current_user, at=at)
            said = _("Version %(number)s is planned.", number=version.number)
    except DomainError as refusal:
        return _refused(campaign, refusal)
    db.session.commit()
    flash(said, "good")
    return _back(campaign)


@bp.post("/<public_id>/versions/<version_id>/publish")
@allow(Permission.PAGE_PUBLISH)
def publish_version(public_id: str, version_id: str) -> Response:
    """Publish a version as it is, whatever the draft says meanwhile."""
    campaign = campaign_named(public_id)
    said = _now(_version(campaign, version_id))
    db.session.commit()
    flash(said, "good")
    return _back(campaign)


@bp.post("/<public_id>/publications/<publication_id>/move")
@allow(Permission.PAGE_PUBLISH)
def move_publication(public_id: str, publication_id: str) -> Response:
    campaign, form = campaign_named(public_id), ScheduleForm()
    if not form.validate_on_submit():
        flash(_("Choose a time and a zone."), "bad")
        return _back(campaign)
    planned = _publication(campaign, publication_id)
    try:
        publishing.move(planned, form.when.data or clock.now(), form.zone.data, by=current_user, at=clock.now())
    except DomainError as refusal:
        return _refused(campaign, refusal)
    db.session.commit()
    flash(_("It goes out at the new time."), "good")
    return _back(campaign)


@bp.post("/<public_id>/publications/<publication_id>/cancel")
@allow(Permission.PAGE_PUBLISH)
def cancel_publication(public_id: str, publication_id: str) -> Response:
    campaign = campaign_named(public_id)
    try:
        publishing.cancel(_publication(campaign, publication_id), by=current_user, at=clock.now())
    except DomainError as refusal:
        return _refused(campaign, refusal)
    db.session.commit()
    flash(_("It will not go out. The version is kept."), "good")
    return _back(campaign)


def _now(version: PageVersion) -> str:
    made = publishing.publish(version, i18n.zone(), by=current_user, at=clock.now())
    if made is None:
        return str(_("Fans see this version already."))
    return str(_("Version %(number)s is published.", number=version.number))


def _page(campaign: Campaign, form: PublishForm | None = None, status: int = 200) -> Response:
    page = drafting.page_of(campaign)
    draft = [block.as_json() for block in draft_of(campaign, page)]
    kept = versions.versions_of(page) if page else []
    standing = versions.current(campaign.id)
    old = _chosen(campaign, "old") or (standing if "new" not in request.args else None)
    new = _chosen(campaign, "new")
    context = {
        "campaign": campaign,
        "revision": page.revision if page else 0,
        "versions": kept,
        "publications": versions.publications_of(page) if page else [],
        "standing": standing,
        "old": old,
        "new": new,
        "changes": changes(old.blocks, new.blocks if new else draft) if old else [],
        "form": form or PublishForm(formdata=None, when=ScheduleForm.blank().when.data),
    }
    return make_response(render_template("campaigns/pages/versions.html", **context), status)


def _chosen(campaign: Campaign, name: str) -> PageVersion | None:
    wanted = request.args.get(name, "")
    return _version(campaign, wanted) if wanted else None


def _version(campaign: Campaign, public_id: str) -> PageVersion:
    page = drafting.page_of(campaign)
    query = PageVersion.visible_to(current_user).where(PageVersion.page_id == (page.id if page else 0))
    return one_or_404(query, public_id)


def _publication(campaign: Campaign, public_id: str) -> Publication:
    page = drafting.page_of(campaign)
    query = Publication.visible_to(current_user).where(Publication.page_id == (page.id if page else 0))
    return one_or_404(query, public_id)


def _refused(campaign: Campaign, refusal: DomainError) -> Response:
    """The versions as they stand, with the reason above them."""
    db.session.rollback()
    flash(refusal.in_full, "bad")
    return _back(campaign)


def _back(campaign: Campaign) -> Response:
    return go(url_for("pages.history", public_id=campaign.public_id))
