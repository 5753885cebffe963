"""The brand: its one row of settings, and what every page shows of it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from flask import Flask, g, has_request_context, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from commons import cli, clock
from commons.admin.models import USUAL_ACCENT, Brand
from commons.db import db
from commons.i18n import Words
from commons.permissions import Permission

THEMES = ("auto", "light", "dark")
HEX_COLOUR = re.compile(r"#[0-9a-f]{6}")


def current() -> Brand:
    """The brand's settings; made with the usual ones where there are none yet and the session may write."""
    found = _found()
    return found if found is not None else prepare(clock.now())


def prepare(at: datetime) -> Brand:
    """Make the row if it is missing. Safe to repeat."""
    found = _found()
    if found is None:
        found = _usual(at)
        db.session.add(found)
        db.session.flush()
    return found


def theme() -> str:
    """The appearance that this browser chose: `auto`, `light` or `dark`."""
    chosen = request.cookies.get("theme", "") if has_request_context() else ""
    return chosen if chosen in THEMES else "auto"


def init_app(app: Flask) -> None:
    cli.preparing.plug(prepare)
    app.context_processor(_for_pages)
    app.jinja_env.globals.update(theme=theme, Permission=Permission)


def _for_pages() -> dict[str, Any]:
    if "brand" not in g:
        g.brand = _shown()
    return {"brand": g.brand}


def _shown() -> Brand:
    """The row, or the usual settings where the database cannot be read: an error page needs a name too."""
    try:
        return _found() or _usual(clock.now())
    except SQLAlchemyError:
        return _usual(clock.now())


def _found() -> Brand | None:
    return db.session.scalars(select(Brand).order_by(Brand.id).limit(1)).one_or_none()


def _usual(at: datetime) -> Brand:
    return Brand(name=Words("圈子", "Quanzi"), about=Words("", ""), accent=USUAL_ACCENT, logo=None, changed_at=at)
