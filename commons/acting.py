"""Doing one thing at the press of a button: it happens and is said, or it is said why not."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash

from commons.db import db
from commons.errors import DomainError
from commons.web import go


def act(change: Callable[[], object], said: str, back: str) -> Response:
    """Let `change` happen, commit, and say `said`; what is refused leaves nothing behind and says why. Either way go `back`."""
    try:
        change()
    except DomainError as refusal:
        db.session.rollback()
        flash(refusal.in_full, "bad")
    else:
        db.session.commit()
        flash(said, "good")
    return go(back)
