"""The person behind the request."""

from __future__ import annotations

from flask_login import current_user

from commons.accounts.models import User


def the_user() -> User:
    """Who is signed in, itself and not what stands for it: for verbs that compare it with others, or keep it."""
    user: User = current_user._get_current_object()
    return user
