"""What every view stands on: guards that are closed by default, loading by public id, and answering with a region."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from flask import (
    Flask,
    Request,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from sqlalchemy import Select
from werkzeug.routing import MapAdapter

from commons.db import Public, db
from commons.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])
Record = TypeVar("Record", bound=Public)

PUBLIC = "public"
SIGNED_IN = "signed in"


def allow(permission: Permission) -> Callable[[View], View]:
    """Only for people whose role has `permission`; strangers are led to sign-in, all others find nothing there."""

    def mark(view: View) -> View:
        view.__dict__["guard"] = permission
        return view

    return mark


def public(view: View) -> View:
    """For everybody, signed in or not."""
    view.__dict__["guard"] = PUBLIC
    return view


def signed_in(view: View) -> View:
    """For every account, whatever its role: one's own account page."""
    view.__dict__["guard"] = SIGNED_IN
    return view


def guard_of(view: Callable[..., Any]) -> Permission | str | None:
    """What stands at the door of a view; None means that somebody forgot, and the door stays shut."""
    return getattr(view, "guard", None)


def one_or_404(query: Select[Record], public_id: str) -> Record:
    """The record with `public_id` among those that `query` lets the visitor see; 404 otherwise."""
    entity = query.column_descriptions[0]["entity"]
    if not public_id.isalnum():  # nor could a database look for every character that an address may hold
        abort(404)
    record = db.session.scalars(query.where(entity.public_id == public_id)).unique().one_or_none()
    if record is None:
        abort(404)
    return record


def is_htmx() -> bool:
    return request.headers.get("HX-Request") == "true"


def region(partial: str, *, or_redirect: str = "", page: str = "", status: int = 200, **context: Any) -> Response:
    """Answer with the partial that owns a region of the page.

    htmx gets the partial. A plain form gets a redirect to `or_redirect` when all went well, and otherwise the whole
    `page` (a template that includes the partial), or the partial inside the plain layout.
    """
    if is_htmx():
        return make_response(render_template(partial, **context), status)
    if or_redirect and status < 400:
        return make_response(redirect(or_redirect, 303))
    return make_response(render_template(page or "layouts/region.html", partial=partial, **context), status)


def go(address: str) -> Response:
    """Send the visitor to another page of ours: 303 for a plain form, HX-Redirect for htmx."""
    if is_htmx():
        return make_response("", 204, {"HX-Redirect": address})
    return make_response(redirect(address, 303))


def safe_next(default: str) -> str:
    """Where `?next=` points, if that is a path of our own; else `default`."""
    target = request.values.get("next", "")
    parts = urlsplit(target)
    is_ours = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if is_ours and "\\" not in target and target.isprintable() else default


def absolute_url(endpoint: str, *, _anchor: str = "", **values: Any) -> str:
    """An address for use outside the page (mail, QR code): BASE_URL plus the path, by whatever name the visitor came."""
    address = _by_its_own_name(current_app).build(endpoint, values, force_external=True)
    return f"{address}#{quote(_anchor)}" if _anchor else address


class Site(Flask):
    """An application that knows its own addresses where no request says by which name it is called: in jobs and commands."""

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """As in Flask; without a request for `BASE_URL`."""
        return _by_its_own_name(self) if request is None else super().create_url_adapter(request)


def _by_its_own_name(app: Flask) -> MapAdapter:
    base = urlsplit(app.config["BASE_URL"])
    return app.url_map.bind(base.netloc, base.path or "/", url_scheme=base.scheme)


def init_app(app: Flask) -> None:
    app.before_request(_check_guard)
    app.view_functions["static"].__dict__["guard"] = PUBLIC


def _check_guard() -> Response | None:
    if request.endpoint is None:
        return None
    guard = guard_of(current_app.view_functions[request.endpoint])
    if guard == PUBLIC:
        return None
    if guard is None:
        abort(404)
    if not current_user.is_authenticated:
        return _to_sign_in()
    if guard != SIGNED_IN and not current_user.can(guard):
        abort(404)
    return None


def _to_sign_in() -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    if not is_htmx():
        return make_response(redirect(url_for("accounts.sign_in", next=wanted or None), 303))
    return make_response("", 401, {"HX-Redirect": url_for("accounts.sign_in")})
