"""What everybody may open: a link that needs a page of its own before it leads on, and its QR code."""

from __future__ import annotations

from flask import Response, abort, current_app, make_response, redirect, render_template, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import Length

from campaigns.links import changing, plans, visiting
from campaigns.links.door import DOMAIN, the_door
from campaigns.links.making import address_of
from campaigns.links.models import Link, Verdict
from campaigns.links.views import bp
from campaigns.links.visiting import Visit
from commons import clock
from commons import qr as qr_codes
from commons.accounts.passwords import LONGEST, fits
from commons.db import db
from commons.errors import Gone
from commons.extensions import limiter
from commons.forms import Form, required
from commons.security import Limit, guessing_limit
from commons.web import public

A_DAY = "public, max-age=86400"

# Beside the limit on one address: wrong passwords of one link, from wherever, so that many addresses guess no faster.
link_limit: Limit = limiter.shared_limit(
    "300 per 15 minutes",
    scope="guessing a link",
    key_func=lambda: request.path,
    methods=["POST"],
    deduct_when=lambda answer: answer.status_code >= 400,
)


class PasswordForm(Form):
    password = PasswordField(_l("Password"), validators=[required(), Length(max=LONGEST)])


@bp.get("/l/<slug>")
@public
def follow(slug: str) -> Response:
    """302 to the target, a card for previewers, the question for a password, or a word that the link is over."""
    link, visit = _opened(slug)
    if link.terms.has_card and visit.verdict is Verdict.PREVIEW:
        return _card(link, visit)
    if link.terms.password_hash is not None:
        return _ask(link, PasswordForm(formdata=None))
    return _send_on(link, visit, 302)


@bp.post("/l/<slug>")
@public
@guessing_limit
@link_limit
def unlock(slug: str) -> Response:
    """Take the password, which is asked for at every visit: a browser may serve several people."""
    link, visit = _opened(slug)
    form = PasswordForm()
    known = link.terms.password_hash
    if known is None:
        return _send_on(link, visit, 303)
    if not form.validate_on_submit():
        return _ask(link, form, 422)
    if not fits(known, form.password.data or ""):
        form.password.errors = [_("This is not the password.")]
        return _ask(link, form, 422)
    return _send_on(link, visit, 303)


@bp.get("/links/<slug>.svg")
@public
def qr(slug: str) -> Response:
    """The QR code of a link of the house, as SVG."""
    link = plans.find(slug)
    if link is None:
        abort(404)
    return _code(link, "svg")


@bp.get("/links/codes/<public_id>.<any(svg, png):kind>")
@public
def code(public_id: str, kind: str) -> Response:
    """The QR code of a link in force, on whichever domain, as SVG or PNG."""
    link = db.session.query(Link).filter_by(public_id=public_id, ended_at=None).one_or_none()
    if link is None:
        abort(404)
    return _code(link, kind)


def _opened(slug: str) -> tuple[Link, Visit]:
    """The link in force and what the request shows; 404 for none, `Gone` for one that is over."""
    link = plans.find(slug, request.environ.get(DOMAIN))
    if link is None:
        abort(404)
    terms = link.terms
    used_up = terms.most_visits is not None and terms.visits_taken >= terms.most_visits
    if used_up or plans.plan_of(link).is_over(clock.now()):
        raise _over()
    return link, the_door(current_app).visit(request.environ, session)


def _send_on(link: Link, visit: Visit, status: int) -> Response:
    plan, counted_by = plans.plan_of(link), link.terms.id
    if link.terms.most_visits is not None and visit.verdict is Verdict.HUMAN:
        db.session.commit()  # SQLite lets nobody write in a transaction that began by reading
        if not changing.take_visit(counted_by):
            raise _over()
        db.session.commit()
    door, way = the_door(current_app), visiting.way_for(plan, visit)
    visiting.keep(current_app.extensions["visits"].spool, plan, visit, way)
    answer = make_response(redirect(visiting.location(plan, way, visit), status))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer-when-downgrade"
    if visit.verdict is Verdict.HUMAN and DOMAIN not in request.environ:
        answer.headers.add("Set-Cookie", door.came_by(plan.public_id))
    return answer


def _ask(link: Link, form: PasswordForm, status: int = 200) -> Response:
    page = render_template("campaigns/links/password.html", form=form, link=link)
    return make_response(page, status, {"Cache-Control": "no-store"})


def _card(link: Link, visit: Visit) -> Response:
    """What a previewer shows of the link. It is not led on: nobody has pressed anything yet."""
    plan = plans.plan_of(link)
    visiting.keep(current_app.extensions["visits"].spool, plan, visit, None)
    picture = link.terms.card_picture
    context = {
        "link": link.terms,
        "address": address_of(link),
        "picture": f"{current_app.config['BASE_URL']}{picture.url(960)}" if picture else "",
    }
    return make_response(render_template("campaigns/links/card.html", **context), {"Cache-Control": "no-store"})


def _code(link: Link, kind: str) -> Response:
    draw = qr_codes.png if kind == "png" else qr_codes.svg
    answer = make_response(draw(address_of(link)), {"Content-Type": "image/png" if kind == "png" else "image/svg+xml"})
    answer.headers["Cache-Control"] = A_DAY
    if "download" in request.args:
        answer.headers["Content-Disposition"] = f"attachment; filename={link.public_id}.{kind}"
    return answer


def _over() -> Gone:
    return Gone(_("This link is over."), _("Ask whoever gave it to you for a new one."))
