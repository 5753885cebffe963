"""There is always an administrator left."""

from __future__ import annotations

from sqlalchemy import select

from commons.accounts.models import User
from commons.db import db
from commons.permissions import Role


def held() -> list[User]:
    """All administrators who can sign in, locked until the end of the transaction: two who remove each other take turns."""
    active = (User.confirmed_at.is_not(None), User.ended_at.is_(None), User.erased_at.is_(None))
    query = select(User).where(User.role == Role.ADMINISTRATOR, *active).order_by(User.id).with_for_update()
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def is_last(user: User) -> bool:
    """Whether nobody could manage staff any more without `user`."""
    return [administrator.id for administrator in held()] == [user.id]
