"""The door for signed calls: what a call tells is done and answered as JSON, or refused with a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Response, jsonify, make_response, request
from werkzeug.datastructures import Headers

from commons import clock
from commons.calls.signing import CallRefused
from commons.db import db
from commons.extensions import limiter
from commons.security import Limit, visitor_address

MOST_BYTES = 64 * 1024

Told = tuple[Mapping[str, Any], int]
"""What the caller is answered, and the status."""


def calls_limit(scope: str) -> Limit:
    """How many calls one address may make at a door."""
    limit: Limit = limiter.shared_limit("1200 per minute", scope=scope, key_func=visitor_address)
    return limit


def answer_call(take: Callable[[Headers, bytes, datetime], Told]) -> Response:
    """Have `take` do what the call of this request tells, and commit. What raises `CallRefused` is undone, and its name answered."""
    request.max_content_length = MOST_BYTES
    try:
        told, status = take(request.headers, request.get_data(cache=False), clock.now())
    except CallRefused as refusal:
        db.session.rollback()
        return make_response(jsonify(error={"name": refusal.name, "message": refusal.message}), refusal.status)
    db.session.commit()
    return make_response(jsonify(dict(told)), status)
