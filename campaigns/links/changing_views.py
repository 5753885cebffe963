"""Changing a link on screen: its terms, and its further targets."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import select

from campaigns.links import changing, statistics
from campaigns.links.changing import Terms, WantedWay
from campaigns.links.forms import (
    DEVICE_WORDS,
    MainWeightForm,
    RuleForm,
    TermsForm,
    VariantForm,
    language_words,
    region_words,
)
from campaigns.links.models import Link, Way
from campaigns.links.views import bp, the_campaign
from commons import clock, zones
from commons.db import db
from commons.errors import DomainError
from commons.media.keeping import keep
from commons.permissions import Permission
from commons.web import allow, go, one_or_404


@bp.get("/links/<public_id>/edit")
@allow(Permission.LINK_WRITE)
def edit(public_id: str) -> Response:
    link = _link(public_id)
    return _edit_page(TermsForm.of(link), link)


@bp.post("/links/<public_id>/edit")
@allow(Permission.LINK_WRITE)
def save(public_id: str) -> Response:
    link = _link(public_id)
    form = TermsForm(link=link)
    if not form.validate_on_submit():
        return _edit_page(form, link, 422)
    try:
        changing.change(link, _terms(form), by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.target.errors = [refusal.in_full]
        return _edit_page(form, _link(public_id), refusal.status)
    db.session.commit()
    flash(_("Saved. The change holds everywhere within a second."), "good")
    return go(url_for("links.show", public_id=public_id))


@bp.get("/links/<public_id>/targets")
@allow(Permission.LINK_READ)
def targets(public_id: str) -> Response:
    return _targets_page(_link(public_id))


@bp.post("/links/<public_id>/targets/rule")
@allow(Permission.LINK_WRITE)
def add_rule(public_id: str) -> Response:
    form = RuleForm()
    if not form.validate_on_submit():
        return _targets_page(_link(public_id), 422, rule=form)
    wanted = WantedWay(
        target=form.target.data or "",
        device=form.device.data,
        language=form.language.data,
        region=form.region.data or "",
    )
    return _add(public_id, wanted, form)


@bp.post("/links/<public_id>/targets/variant")
@allow(Permission.LINK_WRITE)
def add_variant(public_id: str) -> Response:
    form = VariantForm()
    if not form.validate_on_submit():
        return _targets_page(_link(public_id), 422, variant=form)
    wanted = WantedWay(target=form.target.data or "", name=(form.name.data or "").strip(), weight=form.weight.data)
    return _add(public_id, wanted, form)


@bp.post("/links/<public_id>/targets/main")
@allow(Permission.LINK_WRITE)
def weigh(public_id: str) -> Response:
    link, form = _link(public_id), MainWeightForm()
    if not form.validate_on_submit():
        return _targets_page(link, 422, main=form)
    changing.weigh_main(link, form.weight.data or 0, by=current_user, at=clock.now())
    return _done(public_id)


@bp.post("/links/<public_id>/targets/<way_id>/up")
@allow(Permission.LINK_WRITE)
def move_up(public_id: str, way_id: str) -> Response:
    changing.move_way_up(_way(public_id, way_id), by=current_user, at=clock.now())
    return _done(public_id)


@bp.post("/links/<public_id>/targets/<way_id>/remove")
@allow(Permission.LINK_WRITE)
def remove_target(public_id: str, way_id: str) -> Response:
    changing.remove_way(_way(public_id, way_id), by=current_user, at=clock.now())
    return _done(public_id)


def _add(public_id: str, wanted: WantedWay, form: RuleForm | VariantForm) -> Response:
    try:
        changing.add_way(_link(public_id), wanted, by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.target.errors = [refusal.in_full]
        shown: dict[str, FlaskForm] = {"rule" if isinstance(form, RuleForm) else "variant": form}
        return _targets_page(_link(public_id), refusal.status, **shown)
    return _done(public_id)


def _done(public_id: str) -> Response:
    db.session.commit()
    return go(url_for("links.targets", public_id=public_id))


def _link(public_id: str) -> Link:
    return one_or_404(Link.visible_to(current_user), public_id)


def _way(public_id: str, way_id: str) -> Way:
    return one_or_404(select(Way).where(Way.link_id == _link(public_id).id), way_id)


def _terms(form: TermsForm) -> Terms:
    upload = form.card_picture.data
    picture = keep(upload.stream, upload.filename or "", current_user, clock.now()) if upload else None
    return Terms(
        target=form.target.data or "",
        title=(form.title.data or "").strip(),
        campaign=the_campaign(form),
        utm_source=(form.utm_source.data or "").strip(),
        utm_medium=(form.utm_medium.data or "").strip(),
        utm_campaign=(form.utm_campaign.data or "").strip(),
        expires_at=zones.to_utc(form.expires.data, form.zone.data) if form.expires.data else None,
        most_visits=form.most_visits.data,
        password="" if form.drops_password.data else (form.password.data or None),
        tells_click=form.tells_click.data,
        card_title=(form.card_title.data or "").strip(),
        card_text=(form.card_text.data or "").strip(),
        card_picture=picture,
        drops_picture=form.drops_picture.data,
    )


def _edit_page(form: TermsForm, link: Link, status: int = 200) -> Response:
    return make_response(render_template("campaigns/links/edit.html", form=form, link=link), status)


def _targets_page(link: Link, status: int = 200, **forms: FlaskForm) -> Response:
    usual = {"rule": RuleForm, "variant": VariantForm}
    shown = {name: forms.get(name) or kind(formdata=None) for name, kind in usual.items()}
    context = {
        "link": link,
        "main": forms.get("main") or MainWeightForm(formdata=None, weight=link.main_weight),
        "people": statistics.people_by_way(link),
        "devices": DEVICE_WORDS,
        "language_words": language_words,
        "region_words": region_words,
        "may_write": current_user.can(Permission.LINK_WRITE) and link.ended_at is None,
        **shown,
    }
    return make_response(render_template("campaigns/links/targets.html", **context), status)
