"""How the instances know this house: as one application each, made when the first person comes from there."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from commons.db import db, insert_into
from community.channels.bodies import form
from community.channels.mastodon import connecting
from community.channels.mastodon.instance import Instance
from community.handles.models import InstanceApp

# Instances let go of applications that nobody uses within a day.
BELIEVED_FOR = timedelta(hours=12)


def app_of(instance: Instance, redirect_uri: str, scopes: str, at: datetime) -> dict[str, str]:
    """`client_id` and `client_secret` at this instance. No transaction is open while it is asked. Raises a `Trouble`."""
    kept = db.session.scalar(select(InstanceApp).where(InstanceApp.base == instance.base))
    known = dict(kept.credentials) if kept is not None and kept.redirect_uri == redirect_uri else {}
    is_fresh = kept is not None and at - kept.checked_at < BELIEVED_FOR
    db.session.commit()
    if known and is_fresh:
        return known
    if not known or not _is_known(instance, known):
        known = connecting.register(instance, redirect_uri, scopes)
    _keep(instance, redirect_uri, known, at)
    return known


def _is_known(instance: Instance, app: dict[str, str]) -> bool:
    """Whether the instance still knows the application: it then gives it a token of its own."""
    return instance.post("/oauth/token", form({"grant_type": "client_credentials", **app})).ok


def _keep(instance: Instance, redirect_uri: str, app: dict[str, str], at: datetime) -> None:
    values = {"redirect_uri": redirect_uri, "credentials": app, "checked_at": at}
    statement = insert_into(InstanceApp).values(base=instance.base, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["base"], set_=values))
