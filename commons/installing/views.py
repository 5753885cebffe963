"""Manifest, icons, service worker and the page for no network: the same for everybody, whoever is signed in."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_babel import force_locale

from commons.admin import brand
from commons.i18n import DEFAULT_LANGUAGE
from commons.installing import icons, worker
from commons.installing.manifest import manifest
from commons.web import public

bp = Blueprint("installing", __name__)


@bp.get("/manifest.webmanifest")
@public
def web_manifest() -> Response:
    """In the `language` that its link names: browsers ask for it without a session, so it cannot be looked up."""
    with force_locale("en" if request.args.get("language") == "en" else DEFAULT_LANGUAGE):
        body = json.dumps(manifest(brand.shown()), ensure_ascii=False)
    return _asked_each_time(body, "application/manifest+json")


@bp.get("/icons/<kind>-<int:size>.png")
@public
def icon(kind: str, size: int) -> Response:
    """One of the icons; kept for a year under the address that names its content."""
    if (kind, size) not in icons.ICONS:
        abort(404)
    shown = brand.shown()
    mark = icons.mark(shown, kind, size)
    answer = make_response(icons.icon(shown, kind, size))
    answer.mimetype = "image/png"
    answer.set_etag(mark)
    kept = request.args.get("v") == mark
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "public, no-cache"
    answer.make_conditional(request)
    return answer


@bp.get("/service-worker.js")
@public
def service_worker() -> Response:
    """From the root, so that it may serve all pages. Never kept: a browser must hear of a new version at once."""
    answer = _asked_each_time(worker.script(brand.shown()), "text/javascript")
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


@bp.get("/offline")
@public
def offline() -> Response:
    """What the service worker shows when there is no network. In both languages: it does not know who reads it."""
    return _asked_each_time(render_template("commons/installing/offline.html"), "text/html")


def _asked_each_time(body: str, mimetype: str) -> Response:
    answer = make_response(body)
    answer.mimetype = mimetype
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
