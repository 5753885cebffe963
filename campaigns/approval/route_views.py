"""The pages on which an administrator says who has to agree to what."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from campaigns.approval import reaching, routing
from campaigns.approval.forms import RouteForm
from campaigns.approval.models import ApprovalRoute
from campaigns.approval.people import step_words
from campaigns.approval.views import bp
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.permissions import Permission
from commons.web import allow, go, one_or_404

PLANNED_SHOWN = 50


@bp.get("/routes")
@allow(Permission.BRAND_MANAGE)
def routes() -> str:
    return render_template(
        "campaigns/approval/routes.html",
        routes=routing.routes(),
        unreached=reaching.unreached(),
        scope_words=routing.scope_words,
        step_words=step_words,
    )


@bp.get("/routes/new")
@allow(Permission.BRAND_MANAGE)
def new_route() -> Response:
    return _form(RouteForm.of(None), None)


@bp.post("/routes/new")
@allow(Permission.BRAND_MANAGE)
def add_route() -> Response:
    return _save(None)


@bp.get("/routes/<public_id>")
@allow(Permission.BRAND_MANAGE)
def route(public_id: str) -> Response:
    found = _visible(public_id)
    return _form(RouteForm.of(found), found)


@bp.post("/routes/<public_id>")
@allow(Permission.BRAND_MANAGE)
def change_route(public_id: str) -> Response:
    return _save(_visible(public_id))


@bp.get("/routes/<public_id>/planned")
@allow(Permission.BRAND_MANAGE)
def planned(public_id: str) -> Response:
    """What was planned before the route was saved, and whether it is to be approved too."""
    found = _visible(public_id)
    deliveries, count = reaching.unreached_by(found, PLANNED_SHOWN)
    if not count:
        return go(url_for("approval.routes"))
    page = render_template(
        "campaigns/approval/planned.html",
        route=found, scope=routing.scope_words(found), deliveries=deliveries, count=count, most=reaching.ASKED_AT_ONCE,
    )  # fmt: skip
    return make_response(page)


@bp.post("/routes/<public_id>/planned")
@allow(Permission.BRAND_MANAGE)
def ask_planned(public_id: str) -> Response:
    """Ask for approval of these too."""
    count = reaching.ask_all(_visible(public_id), by=current_user, at=clock.now())
    db.session.commit()
    flash(ngettext("%(num)s post waits for approval now.", "%(num)s posts wait for approval now.", count), "good")
    return go(url_for("approval.planned", public_id=public_id))


@bp.post("/routes/<public_id>/remove")
@allow(Permission.BRAND_MANAGE)
def remove_route(public_id: str) -> Response:
    routing.remove_route(_visible(public_id), by=current_user, at=clock.now())
    db.session.commit()
    flash(_("The route is gone."), "good")
    return go(url_for("approval.routes"))


def _save(found: ApprovalRoute | None) -> Response:
    form = RouteForm(found)
    if not form.validate_on_submit():
        return _form(form, found, 422)
    public_id = found.public_id if found else ""
    try:
        saved = routing.set_route(found, form.rules(), by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.in_full)
        return _form(form, _visible(public_id) if public_id else None, refusal.status)
    db.session.commit()
    flash(_("Saved. It holds for what is planned, moved or changed from now on."), "good")
    return go(url_for("approval.planned", public_id=saved.public_id))


def _form(form: RouteForm, found: ApprovalRoute | None, status: int = 200) -> Response:
    page = render_template("campaigns/approval/route.html", form=form, route=found)
    return make_response(page, status)


def _visible(public_id: str) -> ApprovalRoute:
    return one_or_404(ApprovalRoute.visible_to(current_user), public_id)
