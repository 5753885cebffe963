"""Administration: the blueprint, the brand's settings, health and the gallery of components."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user

from commons import clock
from commons.admin import brand, gallery, health
from commons.admin.brand import Looks
from commons.admin.forms import BrandForm
from commons.config import Settings
from commons.db import db
from commons.errors import Invalid
from commons.i18n import Words
from commons.permissions import Permission
from commons.web import allow, public

bp = Blueprint("admin", __name__, url_prefix="/admin")
root = Blueprint("root", __name__)  # what has its address beside all rooms


@root.get("/theme.css")
@public
def theme_css() -> Response:
    """The brand's colours; browsers ask each time and mostly hear that nothing changed."""
    answer = make_response(brand.style_sheet(brand.shown()))
    answer.mimetype = "text/css"
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@root.get("/healthz")
@public
def healthz() -> Response:
    """For whoever watches from outside: 503 only when nothing can work, which is without the database."""
    found = health.look(clock.now())
    body = {
        "status": found.state,
        "database": found.database is not None,
        "redis": found.redis,
        "tick_age": found.tick,
        "waiting": found.waiting,
        "late": found.late,
        "dead": found.dead,
    }
    answer = make_response(jsonify(body), 503 if found.state == "down" else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/health")
@allow(Permission.JOBS_MANAGE)
def health_page() -> str:
    at = clock.now()
    return render_template("commons/admin/health.html", health=health.look(at), at=at, settings=_settings())


@bp.route("/brand", methods=["GET", "POST"])
@allow(Permission.BRAND_MANAGE)
def brand_settings() -> Response:
    form = BrandForm.of(brand.shown())
    if form.validate_on_submit():
        try:
            brand.change(_looks(form), current_user, clock.now())
        except Invalid as refusal:
            db.session.rollback()
            form.form_errors.append(refusal.message)
        else:
            db.session.commit()
            flash(_("The brand's settings are saved; every page shows them now."), "good")
            return make_response(redirect(url_for("admin.brand_settings"), 303))
    page = render_template("commons/admin/brand.html", form=form)
    return make_response(page, 422 if form.is_submitted() else 200)


@bp.get("/components")
@allow(Permission.BRAND_MANAGE)
def components() -> str:
    return render_template("components/gallery.html", **gallery.sample(clock.now()))


@bp.get("/components/curve.json")
@allow(Permission.BRAND_MANAGE)
def components_curve() -> Response:
    return jsonify(gallery.curve(clock.now()))


def _looks(form: BrandForm) -> Looks:
    uploaded = form.logo.data
    return Looks(
        name=Words(form.name_zh.data or "", form.name_en.data or ""),
        about=Words(form.about_zh.data or "", form.about_en.data or ""),
        accent=form.accent.data or "",
        zone=form.zone.data or "",
        logo=(uploaded.stream, uploaded.filename or "logo") if uploaded else None,
        no_logo=bool(form.no_logo.data),
        guardian_age=form.guardian_age.data,
    )


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
