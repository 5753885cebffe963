"""Addresses of static files, and the markup that every page repeats."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, g, has_request_context, render_template, request
from markupsafe import Markup

from commons.i18n import language


def init_app(app: Flask) -> None:
    app.extensions["repeated"] = {}
    app.jinja_env.globals.update(static_url=static_url, repeated=repeated)


def static_url(filename: str) -> str:
    """Address of a static file with a mark of its content, so that browsers may keep it for a year.

    A page asks a hundred times, mostly for the same sprite: one look at each file in a request.
    """
    known: dict[str, str] = g.setdefault("static_urls", {})
    if filename not in known:
        path = Path(current_app.static_folder or "", filename)
        known[filename] = f"{_root()}{current_app.static_url_path}/{filename}?v={_mark(path, _changed(path))}"
    return known[filename]


def repeated(template: str) -> Markup:
    """What a template says that asks for nothing but words and static files: written once per language and process.

    While developing it is written each time, since the files it names change under a running process.
    """
    said: dict[tuple[str, str, str], Markup] = current_app.extensions["repeated"]
    key = (template, language(), _root())
    if current_app.debug or key not in said:
        said[key] = Markup(render_template(template))  # noqa: S704 (a template escapes what it shows)
    return said[key]


def _root() -> str:
    return request.script_root if has_request_context() else ""


def _changed(path: Path) -> int:
    """When the file was changed last; 0 when there is none."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


@lru_cache(maxsize=256)
def _mark(path: Path, _changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.exists() else "missing"
