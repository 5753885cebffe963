"""Members for staff: the list, the same as a file, and the profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_login import current_user

from commons import clock, i18n
from commons.accounts.current import the_user
from commons.forms import storable
from commons.paging import asked_page
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, one_or_404, region
from community.loyalty.levels.climbing import levels
from community.members import facts, listing
from community.members.listing import Search
from community.members.models import Member
from community.members.slots import panels_of
from community.members.tags import naming

bp = Blueprint("members", __name__, url_prefix="/members")


@bp.get("")
@allow(Permission.MEMBER_READ)
def index() -> Response:
    search, page = search_in(request.args), asked_page()
    found = listing.listing(search, current_user, page)
    return region(
        "community/members/_list.html",
        page="community/members/index.html",
        listing=found,
        search=search,
        number=page,
        levels=levels(),
        tags=naming.offered(),
        sorts=listing.SORTS,
        address=_address,
        may_tag=current_user.can(Permission.MEMBER_WRITE),
    )


@bp.get("/members.csv")
@allow(Permission.MEMBER_READ)
def export() -> Response:
    rows = listing.table(search_in(request.args), the_user(), i18n.zone())
    return csv_answer(rows, f"members-{clock.now():%Y%m%d}")


@bp.get("/<public_id>")
@allow(Permission.MEMBER_READ)
def profile(public_id: str) -> Response:
    member = one_or_404(Member.visible_to(current_user), public_id)
    number = asked_page()
    return region(
        "community/members/_timeline.html",
        page="community/members/profile.html",
        member=member,
        timeline=facts.timeline(member, number),
        number=number,
        say=facts.say,
        evidence_words=facts.evidence_words,
        panels=panels_of(member, clock.now()),
    )


def search_in(given: Mapping[str, str]) -> Search:
    """The search that an address or a form holds; what makes no sense in it is left out."""
    sort = given.get("sort", "")
    return Search(
        name=storable(given.get("name", ""))[:60],
        level=storable(given.get("level", ""))[:12],
        tag=storable(given.get("tag", ""))[:12],
        sort=sort if sort in listing.SORTS else listing.SORTS[0],
    )


def _address(endpoint: str, search: Search, **more: Any) -> str:
    """An address that keeps the search."""
    narrowed = {"name": search.name or None, "level": search.level or None, "tag": search.tag or None}
    return url_for(endpoint, **(narrowed | {"sort": search.sort} | more))
