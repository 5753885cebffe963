"""The application: commons, then community, then campaigns."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask


@contextmanager
def _uncollected() -> Iterator[None]:
    """Loading makes half a million objects that stay: the garbage collector would only go through them again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


with _uncollected():
    import campaigns
    import commons
    import community
    from commons.config import Settings
    from commons.web import Site

    gc.freeze()  # or the first collection would go through all of it

ROOT = Path(__file__).resolve().parent


@_uncollected()
def create_app(settings: Settings | None = None) -> Flask:
    """A configured application. Importing this module opens nothing; this call opens no connection either."""
    app = Site("quanzi", root_path=str(ROOT), template_folder="templates", static_folder="static")
    commons.init_app(app, settings or Settings.from_environ(os.environ))
    community.init_app(app)
    campaigns.init_app(app)
    return app


def serve() -> Flask:
    """The application of a web process, all of it out of the collector's sight.

    A full collection goes through everything that is not frozen while every visitor of the process waits.
    """
    app = create_app()
    gc.freeze()
    return app
