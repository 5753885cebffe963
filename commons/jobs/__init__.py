"""Background work: rows in the database, a tick that finds what is due, workers that do it. See docs/jobs.md."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.config import Settings
from commons.jobs import tidying
from commons.jobs.draining import drain
from commons.jobs.outbox import send
from commons.jobs.registry import UnknownJob, every, job, sweep
from commons.permissions import Permission

__all__ = ["UnknownJob", "drain", "every", "init_app", "job", "send", "sweep"]


def init_app(app: Flask) -> None:
    from commons.jobs import cli, outbox, views, waking

    assert tidying
    settings: Settings = app.extensions["settings"]
    app.config.setdefault("JOBS_LEASE_SECONDS", settings.jobs_lease_seconds)
    app.extensions["quanzi_bell"] = waking.Bell(waking.redis_url(settings))
    outbox.listen()
    app.register_blueprint(views.bp)
    item = nav.NavItem("jobs.index", _l("Background work"), "stack-2", 94, Permission.JOBS_MANAGE, _l("Administration"))
    nav.add(app, "staff", item)
    cli.init_app(app)
