"""The leaderboard: the first, and where the one who looks stands among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from babel.dates import get_timezone_name
from flask import Blueprint, Response, abort, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from commons import clock
from commons.admin import brand
from commons.db import db
from commons.panels import Panel
from commons.permissions import Permission
from commons.web import allow, region, signed_in
from community.circle import cards
from community.circle.boards import slots
from community.circle.boards.company import company_of
from community.circle.boards.slots import Group
from community.circle.people import profiles
from community.loyalty.levels.standing import standings
from community.loyalty.ranking import boards
from community.loyalty.ranking.boards import Board
from community.loyalty.ranking.periods import LOOK_BACK, Period, board_of, days_of, earlier
from community.loyalty.ranking.places import places_of
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
    """The board of a `period`, or the one so many periods `back`, `among` everybody or a group one belongs to."""
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
    week = board_of(Period.WEEK, at, brand.shown().zone)
    places = places_of(member.id, week)
    named = ((PERIODS[Period.WEEK], week), (PERIODS[Period.ALL], Period.ALL.value))
    shown = [(name, *places[board]) for name, board in named if board in places]
    return Panel("community/circle/boards/_panel.html", {"places": shown}, order=80)


def _context() -> dict[str, Any]:
    member, period = current_member(), _period()
    back = _back(period)
    known = groups_of(member) if member is not None else []
    group = _group(known)
    zone = brand.shown().zone
    board = Board(period, earlier(period, clock.now(), back, zone), group.people if group else None)
    return {
        "periods": [_tab(name, one, group, one is period and not back) for one, name in PERIODS.items()],
        "among": [_choice(None, period, group), *(_choice(one, period, group) for one in known)],
        "group": group,
        "back": back,
        "days": days_of(period, board.at, zone),
        "zone_words": get_timezone_name(zone, locale=get_locale()),
        "before": _address(period, group, back + 1) if back < LOOK_BACK[period] else None,
        "after": _address(period, group, back - 1) if back else None,
        "away": boards.is_away(member) if member is not None else None,
        **_lines(board, member),
    }


def _lines(board: Board, member: Member | None) -> dict[str, Any]:
    """The first of the board, the member's place with the neighbours, and what is known of all of them."""
    top = board.top(member)
    mine = board.mine(member) if member is not None else None
    people = [line.member for line in [*top, *(mine.lines if mine else [])] if line.member is not None]
    known = standings([one.id for one in people], clock.now())
    return {"top": top, "mine": mine, "size": board.size(), "standings": known, "pages": pages_of(people)}


def groups_of(member: Member) -> list[Group]:
    """Those among whom the member may compare himself, besides everybody."""
    company = Group(COMPANY, _l("People I talk with"), company_of(member))
    known = [company, *(group for plug in slots.groups for group in plug(member))]
    return [replace(group, people=boards.open_ones(group.people, member)) for group in known]


def pages_of(people: Sequence[Member]) -> dict[int, str]:
    """By member id, the page of each who shows one: the public profile, else the card."""
    profiles_of = profiles.shown_among([one.id for one in people])
    cards_of = cards.shown_among([one.id for one in people])
    profile_pages = {
        one.id: url_for("people.person", public_id=one.public_id) for one in people if one.id in profiles_of
    }
    card_pages = {one.id: url_for("circle.card", public_id=one.public_id) for one in people if one.id in cards_of}
    return card_pages | profile_pages


def _period() -> Period:
    try:
        return Period(request.args.get("period", Period.WEEK))
    except ValueError:
        abort(404)


def _back(period: Period) -> int:
    """How many periods before this one."""
    back = request.args.get("back", 0, type=int)
    return back if 0 <= back <= LOOK_BACK[period] else abort(404)


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


def _address(period: Period, group: Group | None, back: int = 0) -> str:
    return url_for("boards.index", period=period.value, among=group.code if group else None, back=back or None)
