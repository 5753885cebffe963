"""The start page of the staff side: what matters now, told by the rooms, and where to go next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import groupby

from flask import Blueprint, render_template
from flask_login import current_user
from markupsafe import Markup

from commons import clock, nav
from commons.accounts.models import User
from commons.panels import Panel, in_order
from commons.permissions import Permission
from commons.slots import Slot
from commons.web import allow

bp = Blueprint("staff", __name__, url_prefix="/staff")


home_panels: Slot[Callable[[User, datetime], Panel | None]] = Slot(
    "what a room shows on the staff start page, if anything"
)
banners: Slot[Callable[[User, datetime], Panel | None]] = Slot(
    "what everybody of the team must see at the top of every page, if anything"
)


@bp.get("")
@allow(Permission.STAFF_HOME)
def home() -> str:
    at = clock.now()
    panels = _drawn(home_panels, at)
    places = [item for item in nav.items("staff") if item.endpoint != "staff.home"]
    groups = [(group, list(items)) for group, items in groupby(places, key=lambda item: str(item.group))]
    return render_template("commons/admin/home.html", panels=panels, groups=groups, at=at)


def staff_banners() -> list[Markup]:
    """The banners of the current page, drawn."""
    return _drawn(banners, clock.now()) if current_user.is_authenticated and current_user.is_staff else []


def _drawn(slot: Slot[Callable[[User, datetime], Panel | None]], at: datetime) -> list[Markup]:
    return [panel.html() for panel in in_order(ask(current_user, at) for ask in slot)]
