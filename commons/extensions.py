"""Flask extensions, made here and bound to an application in `commons.init_app`."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

from commons.db import db

babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)
login_manager = LoginManager()
migrate = Migrate(compare_type=True, render_as_batch=True)


def init_app(app: Flask) -> None:
    """Bind what needs no settings of its own; Babel is bound in `i18n`, the limiter in `security`."""
    csrf.init_app(app)
    login_manager.init_app(app)
    migrate.init_app(app, db, directory=f"{app.root_path}/migrations")
