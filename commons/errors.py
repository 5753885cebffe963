"""Refusals with a name, and how each becomes a page, a fragment or JSON."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.exceptions import HTTPException

from commons.db import db

log = logging.getLogger(__name__)


class DomainError(Exception):
    """The domain says no. `message` is a translated sentence for the person, `advice` what to do next."""

    status: int = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, message: str = "", advice: str = "") -> None:
        super().__init__(str(message))
        self.message = message
        self.advice = advice

    @property
    def in_full(self) -> str:
        """What the person reads where there is one line for it."""
        return f"{self.message} {self.advice}".strip()


class NotAllowed(DomainError):
    """The person may see the thing but not do this to it."""

    status = HTTPStatus.FORBIDDEN


class Conflict(DomainError):
    """Somebody else was faster, or the thing has moved on."""

    status = HTTPStatus.CONFLICT


class Gone(DomainError):
    """A link or an offer is over."""

    status = HTTPStatus.GONE


class Invalid(DomainError):
    """What was given cannot be used."""


_WORDS = {
    400: (lazy_gettext("The request could not be read"), lazy_gettext("Go back, reload the page and try again.")),
    401: (lazy_gettext("Please sign in"), lazy_gettext("Sign in and you will be brought back here.")),
    403: (lazy_gettext("You may not do this"), lazy_gettext("Ask an administrator if you need this permission.")),
    404: (
        lazy_gettext("There is nothing here"),
        lazy_gettext("The address may be mistyped, or the page is not for this account."),
    ),
    405: (lazy_gettext("This address does not take that"), lazy_gettext("Go back and use the buttons of the page.")),
    409: (lazy_gettext("Something changed meanwhile"), lazy_gettext("Reload the page to see how it stands now.")),
    410: (lazy_gettext("This is over"), lazy_gettext("The link or the offer has ended.")),
    413: (lazy_gettext("That is too large"), lazy_gettext("Choose a smaller file and try again.")),
    422: (lazy_gettext("That does not work"), lazy_gettext("Check what you entered and try again.")),
    429: (lazy_gettext("Too many tries"), lazy_gettext("Wait a minute, then try again.")),
    500: (
        lazy_gettext("Something broke on our side"),
        lazy_gettext("It has been written down. Nothing that you had saved is lost; try again in a moment."),
    ),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crash)


def _domain_error(error: DomainError) -> Response:
    db.session.rollback()
    return _answer(error.status, error.message, error.advice)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    db.session.rollback()
    answer = _answer(error.code or 500)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def _crash(error: Exception) -> Response:
    db.session.rollback()
    reference = secrets.token_hex(4)
    log.error("unhandled error %s", reference, exc_info=error)
    return _answer(500, reference=reference)


def _answer(status: int, message: str = "", advice: str = "", reference: str = "") -> Response:
    """The same refusal as JSON, as an htmx fragment or as a page, by what the request can take."""
    title, usual_advice = _WORDS.get(status, _WORDS[422 if status < 500 else 500])
    words = {
        "status": status,
        "title": str(message or title),
        "message": str(message or ""),
        "advice": str(advice or usual_advice),
        "reference": reference,
    }
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    if best == "application/json":
        return make_response(jsonify(error=words), status)
    template = "errors/_fragment.html" if "HX-Request" in request.headers else "errors/page.html"
    return make_response(render_template(template, **words), status)


__all__ = ["Conflict", "DomainError", "Gone", "Invalid", "NotAllowed", "_", "init_app"]
