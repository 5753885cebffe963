"""The application: commons, then community, then campaigns."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask

import campaigns
import commons
import community
from commons.config import Settings
from commons.web import Site

ROOT = Path(__file__).resolve().parent


def create_app(settings: Settings | None = None) -> Flask:
    """A configured application. Importing this module opens nothing; this call opens no connection either."""
    app = Site("quanzi", root_path=str(ROOT), template_folder="templates", static_folder="static")
    commons.init_app(app, settings or Settings.from_environ(os.environ))
    community.init_app(app)
    campaigns.init_app(app)
    return app
