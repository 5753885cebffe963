"""The house as an app on the home screen: manifest, icons, the service worker and the page for when there is no network."""

from __future__ import annotations

from flask import Flask

from commons.installing.icons import icon_url


def init_app(app: Flask) -> None:
    from commons.installing import views

    app.register_blueprint(views.bp)
    app.jinja_env.globals["icon_url"] = icon_url
