"""A fan's cabinet of badges."""

from __future__ import annotations

from flask import Blueprint, render_template

from commons.permissions import Permission
from commons.web import allow
from community.loyalty.badges import cabinet
from community.loyalty.badges.words import asked, still
from community.members.current import the_member
from community.members.facts import say

bp = Blueprint("my_badges", __name__)


@bp.get("/circle/me/badges")
@allow(Permission.TAKE_PART)
def index() -> str:
    """What one has and why, and what is still missing for the rest."""
    return render_template(
        "community/loyalty/badges/cabinet.html",
        cabinet=cabinet.cabinet(the_member()),
        asked=asked,
        still=still,
        say=say,
    )
