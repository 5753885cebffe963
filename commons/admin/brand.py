"""The brand: its one row of settings, and what every page shows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from flask import Flask, g, has_request_context, request
from flask_babel import gettext as _
from sqlalchemy import inspect, select
from sqlalchemy.exc import SQLAlchemyError

from commons import cli, clock, events
from commons.accounts import slots
from commons.accounts.models import User
from commons.admin import colours
from commons.admin.models import GUARDIAN_AGE, USUAL_ACCENT, Brand
from commons.db import db
from commons.errors import Invalid
from commons.i18n import Words
from commons.media import keeping
from commons.permissions import Permission
from commons.zones import DEFAULT_ZONE

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Looks:
    """What an administrator may set. `logo` is an uploaded file with its name; `no_logo` takes the present one away.

    Without a `guardian_age` the present one stays.
    """

    name: Words
    about: Words
    accent: str
    zone: str
    logo: tuple[IO[bytes], str] | None = None
    no_logo: bool = False
    guardian_age: int | None = None


def current() -> Brand:
    """The brand's settings; made with the usual ones where there are none yet."""
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


def change(looks: Looks, by: User, at: datetime) -> Brand:
    """Set how the brand shows itself. Raises `Invalid` for a colour that is none, and what `keeping.keep` raises."""
    if not colours.is_colour(looks.accent):
        raise Invalid(_("Choose a colour such as #c5391d."))
    brand = current()
    brand.name, brand.about, brand.accent, brand.zone = looks.name, looks.about, looks.accent, looks.zone
    if looks.logo is not None:
        stream, filename = looks.logo
        brand.logo = keeping.keep(stream, filename, by, at)
    elif looks.no_logo:
        brand.logo = None
    if looks.guardian_age is not None:
        brand.guardian_age = looks.guardian_age
    brand.changed_at = at
    db.session.flush()
    key = f"brand.changed:{at.timestamp():.6f}"
    payload = {"accent": brand.accent, "guardian_age": brand.guardian_age}
    events.track("brand.changed", key=key, at=at, actor_id=by.id, subject=brand, payload=payload)
    return brand


def style_sheet(brand: Brand) -> str:
    """The variables that re-theme everything: the accent and an ink that is readable on it."""
    accent = brand.accent if colours.is_colour(brand.accent) else USUAL_ACCENT
    ink = colours.ink_on(accent)
    shade = "#000" if ink == colours.WHITE else "#fff"  # pressed and hovered parts move away from their ink
    deep = f"color-mix(in oklab, {accent} 84%, {shade})"
    return f":root {{\n  --accent: {accent};\n  --accent-ink: {ink};\n  --accent-deep: {deep};\n}}\n"


def theme() -> str:
    """The appearance that this browser chose: `auto`, `light` or `dark`."""
    chosen = request.cookies.get("theme", "") if has_request_context() else ""
    return chosen if chosen in THEMES else "auto"


def shown() -> Brand:
    """The row, or the usual settings where there is none or the database cannot be read: an error page needs a name too.

    Read once for as long as its session lasts.
    """
    if "brand" not in g or inspect(g.brand).detached:
        g.brand = _readable()
    found: Brand = g.brand
    return found


def init_app(app: Flask) -> None:
    cli.preparing.plug(prepare)
    slots.brand_name.plug(_name)
    app.context_processor(_for_pages)
    app.jinja_env.globals.update(theme=theme, Permission=Permission)


def _name() -> str:
    return str(shown().name)


def _for_pages() -> dict[str, Any]:
    return {"brand": shown()}


def _readable() -> Brand:
    try:
        return _found() or _usual(clock.now())
    except SQLAlchemyError:
        db.session.rollback()
        return _usual(clock.now())


def _found() -> Brand | None:
    return db.session.scalars(select(Brand).order_by(Brand.id).limit(1)).one_or_none()


def _usual(at: datetime) -> Brand:
    brand = Brand(name=Words("圈子", "Quanzi"), about=Words("", ""), accent=USUAL_ACCENT, zone=DEFAULT_ZONE)
    brand.logo, brand.changed_at, brand.guardian_age = None, at, GUARDIAN_AGE
    return brand
