"""The shared ground: knows nothing of fans or campaigns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from commons.config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    # Imported here, as the keeper and the start belong to this package too and must not load the whole application.
    from commons import (
        accounts,
        admin,
        assets,
        cli,
        db,
        errors,
        extensions,
        i18n,
        installing,
        jobs,
        mail,
        media,
        nav,
        outbound,
        security,
        web,
    )

    _configure(app, settings)
    parts = (
        db, extensions, i18n, assets, security, errors, web, nav, jobs, mail, outbound, media, accounts, admin, installing, cli
    )  # fmt: skip
    for part in parts:
        part.init_app(app)


def _configure(app: Flask, settings: Settings) -> None:
    from jinja2 import StrictUndefined
    from werkzeug.middleware.proxy_fix import ProxyFix

    from commons import engines, i18n

    app.extensions["settings"] = settings
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config.update(
        SECRET_KEY=settings.secret_key,
        BASE_URL=settings.base_url,
        TESTING=settings.testing,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engines.engine_options(settings.database_url),
        BABEL_DEFAULT_LOCALE=i18n.DEFAULT_LANGUAGE,
        BABEL_TRANSLATION_DIRECTORIES=f"{app.root_path}/translations",
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https:"),
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=None,
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
