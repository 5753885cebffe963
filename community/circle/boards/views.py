"""The leaderboard: the first, and where the one who looks stands among them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons import clock
from commons.db import db
from commons.panels import Panel
from commons.permissions import Permission
from commons.web import allow, region, signed_in
from community.circle.boards import slots
from community.circle.boards.company import company_of
from community.circle.boards.slots import Group
from community.loyalty.ranking import boards
from community.loyalty.ranking.boards import Board
from community.loyalty.ranking.periods import Period, board_of
from community.loyalty.ranking.places import places_of
from community.loyalty.standing import standings
from community.members.current import current_member, the_member
from community.members.models import Member

bp = Blueprint("boards", __name__, url_prefix="/circle/board")

PERIODS: Mapping[Period, Any] = {
    Period.WEEK: _l("This week"),
    Period.MONTH: _l("This month"),
    Period.ALL: _l("All time"),
}
COMPANY = "company"


@bp.get("")
@signed_in
def index() -> Response:
    """The board of a `period`, `among` everybody or a group one belongs to."""
    return region("community/circle/boards/_board.html", page="community/circle/boards/index.html", **_context())


@bp.post("/name")
@allow(Permission.TAKE_PART)
def switch_name() -> Response:
    """Stand on the boards by name (`on` = 1), or not (0)."""
    member = the_member()
    if request.form.get("on") == "1":
        boards.come_back(member)
    else:
        boards.stay_away(member, clock.now())
    db.session.commit()
    return region(
        "community/circle/boards/_name.html", away=boards.is_away(member), or_redirect=url_for("boards.index")
    )


def panel(member: Member, at: datetime) -> Panel | None:
    """The member's places on the status page, with the way to the boards."""
    week = board_of(Period.WEEK, at)
    places = places_of(member.id, week)
    named = ((PERIODS[Period.WEEK], week), (PERIODS[Period.ALL], Period.ALL.value))
    shown = [(name, *places[board]) for name, board in named if board in places]
    return Panel("community/circle/boards/_panel.html", {"places": shown}, order=80)


def _context() -> dict[str, Any]:
    member = current_member()
    period = _period()
    known = groups_of(member) if member is not None else []
    group = _group(known)
    board = Board(period, clock.now(), group.people if group else None)
    top = board.top(member)
    mine = board.mine(member) if member is not None else None
    lines = [*top, *(mine.lines if mine else [])]
    return {
        "periods": [_tab(name, one, group, one is period) for one, name in PERIODS.items()],
        "among": [_choice(None, period, group), *(_choice(one, period, group) for one in known)],
        "group": group,
        "period": period,
        "top": top,
        "mine": mine,
        "size": board.size(),
        "standings": standings([line.member.id for line in lines if line.member is not None]),
        "away": boards.is_away(member) if member is not None else None,
    }


def groups_of(member: Member) -> list[Group]:
    """Those among whom the member may compare himself, besides everybody."""
    company = Group(COMPANY, _l("People I talk with"), company_of(member))
    return [company, *(group for plug in slots.groups for group in plug(member))]


def _period() -> Period:
    try:
        return Period(request.args.get("period", Period.WEEK))
    except ValueError:
        abort(404)


def _group(known: list[Group]) -> Group | None:
    code = request.args.get("among", "")
    if not code:
        return None
    return next((group for group in known if group.code == code), None) or abort(404)


def _tab(name: Any, period: Period, group: Group | None, active: bool) -> dict[str, Any]:
    return {"label": str(name), "url": _address(period, group), "active": active}


def _choice(one: Group | None, period: Period, chosen: Group | None) -> dict[str, Any]:
    active = (one.code if one else None) == (chosen.code if chosen else None)
    return {"label": str(one.name) if one else _("Everybody"), "url": _address(period, one), "active": active}


def _address(period: Period, group: Group | None) -> str:
    return url_for("boards.index", period=period.value, among=group.code if group else None)
