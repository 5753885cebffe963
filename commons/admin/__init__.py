"""Administration: the brand, staff, the audit log, health."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from commons import nav
from commons.nav import NavItem
from commons.permissions import Permission

GROUP = _l("Administration")


def init_app(app: Flask) -> None:
    from commons.admin import audit_views, brand, health, home, staff_views, views

    assert audit_views
    assert staff_views
    brand.init_app(app)
    home.home_panels.plug(health.panel)
    app.jinja_env.globals["staff_banners"] = home.staff_banners
    for blueprint in (views.root, views.bp, home.bp):
        app.register_blueprint(blueprint)
    nav.add(
        app,
        "staff",
        NavItem("staff.home", _l("Today"), "home", 1, Permission.STAFF_HOME),
        NavItem("admin.staff", _l("Staff"), "users-group", 90, Permission.STAFF_MANAGE, GROUP),
        NavItem("admin.audit_log", _l("Audit log"), "list-check", 92, Permission.AUDIT_READ, GROUP),
        NavItem("admin.health_page", _l("Health"), "heartbeat", 96, Permission.JOBS_MANAGE, GROUP),
        NavItem("admin.brand_settings", _l("Brand"), "settings", 98, Permission.BRAND_MANAGE, GROUP),
    )
