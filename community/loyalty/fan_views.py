"""A fan's points: what there are, what brings more, and when some open or expire."""

from __future__ import annotations

from flask import Blueprint, render_template

from commons import clock
from commons.permissions import Permission
from commons.web import allow
from community.loyalty import accounts, prospects
from community.members.current import the_member
from community.members.facts import name_of

bp = Blueprint("my_points", __name__)


@bp.get("/me/points")
@allow(Permission.TAKE_PART)
def index() -> str:
    member = the_member()
    return render_template(
        "community/loyalty/points.html",
        purse=accounts.purse(member, clock.now()),
        points=prospects.points_of(member),
        ways=prospects.ways(member, clock.now()),
        name_of=name_of,
    )
