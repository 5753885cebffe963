"""The calendar over HTTP: looking at it, and moving what stands in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Response, abort, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.posts.planner import days, entries, moves, slots, wording
from campaigns.posts.planner.moves import Act, Report
from campaigns.posts.planner.period import NO_CAMPAIGN, SHOWN_STATES, Filter, read_day
from campaigns.posts.views import bp
from campaigns.publishing.models import Delivery
from commons import clock, i18n, zones
from commons.db import db
from commons.errors import Invalid
from commons.permissions import Permission
from commons.web import allow, is_htmx

PAGE, REGION = "campaigns/posts/planner/calendar.html", "campaigns/posts/planner/_plan.html"
MOVE_PAGE, MOVE_REGION = "campaigns/posts/planner/move.html", "campaigns/posts/planner/_move.html"

bp.add_app_template_filter(wording.wall_clock, "wall_clock")


@bp.get("/calendar")
@allow(Permission.POST_READ)
def month() -> Response:
    """A month, a week, a day or the list of a month."""
    return _shown()


@bp.get("/calendar/entry")
@allow(Permission.POST_SCHEDULE)
def entry() -> Response:
    """What can be done to one entry: another time, for all its channels or one of them; cancel; back to draft."""
    wanted = moves.read_seen(request.args.getlist("item"))
    query = Delivery.visible_to(current_user).where(Delivery.public_id.in_([one.public_id for one in wanted]))
    deliveries = sorted(db.session.scalars(query.where(Delivery.due_at.is_not(None))).unique(), key=lambda one: one.id)
    if not deliveries:
        abort(404)
    template = MOVE_REGION if is_htmx() else MOVE_PAGE
    context = {"deliveries": deliveries, "chosen": _chosen(), "in_dialog": is_htmx()}
    return make_response(render_template(template, places=entries.accounts(), **context))


@bp.post("/calendar")
@allow(Permission.POST_SCHEDULE)
def carry_out() -> Response:
    """Move, cancel or take back what was dragged or ticked, and show the calendar with the report."""
    seen = moves.read_seen(request.form.getlist("item"))
    report = moves.carry_out(_act(), seen, by=current_user, at=clock.now())
    db.session.commit()
    return _shown(report, status=422 if report.refused and not report.done else 200)


@bp.post("/calendar/undo")
@allow(Permission.POST_SCHEDULE)
def undo() -> Response:
    """Put back what was just moved, cancelled or made a draft."""
    earlier = moves.read_earlier(request.form.getlist("back"))
    report = moves.undo(earlier, by=current_user, at=clock.now())
    db.session.commit()
    return _shown(report, status=422 if report.refused and not report.done else 200)


def _act() -> Act:
    """What the form asks for."""
    form = request.form
    match form.get("act"):
        case "cancel":
            return moves.cancel
        case "draft":
            return moves.take_back
        case "days":
            return moves.by_days(_number(form.get("days", "")))
        case "day":
            return moves.to_day(_day(), i18n.zone())
        case "hour":
            hour = _number(form.get("hour", ""))
            if not 0 <= hour <= 23:
                raise Invalid(_("Choose a day and a time."))
            return moves.to_hour(_day(), hour, i18n.zone())
        case _:
            return _to_moment()


def _to_moment() -> Act:
    try:
        wall_clock = datetime.fromisoformat(request.form.get("when", ""))
    except ValueError:
        raise Invalid(_("Choose a day and a time.")) from None
    return moves.to_moment(wall_clock.replace(tzinfo=None), request.form.get("zone", "")[:64])


def _day() -> date:
    day = read_day(request.form.get("day", ""))
    if day is None:
        raise Invalid(_("Choose a day and a time."))
    return day


def _number(text: str) -> int:
    plain = text.strip().lstrip("+-")
    if not plain.isdecimal() or len(plain) > 4:
        raise Invalid(_("Choose by how many days, at most %(count)s.", count=moves.FURTHEST_DAYS))
    return -int(plain) if text.strip().startswith("-") else int(plain)


def _chosen() -> Filter:
    return Filter.from_args(request.args, zones.day_of(clock.now(), i18n.zone()))


def _shown(report: Report | None = None, status: int = 200) -> Response:
    template = REGION if is_htmx() else PAGE
    return make_response(render_template(template, report=report, **_context(_chosen())), status)


def _context(chosen: Filter) -> dict[str, Any]:
    zone, at, agreed = i18n.zone(), clock.now(), slots.rules()
    today = zones.day_of(at, zone)
    found = entries.entries(chosen, zone, slots.apart_of(agreed))
    country, language = agreed.country, i18n.language()
    shown = days.days(chosen, found, zone=zone, country=country, language=language, today=today)
    bars = days.bars(chosen, zone)
    return {
        "chosen": chosen,
        "days": shown,
        "weeks": days.weeks(shown, bars) if chosen.view == "month" else [],
        "bars": bars,
        "hours": {day.date: days.hours(day, zone) for day in shown} if chosen.view in {"week", "day"} else {},
        "places": found.places,
        "channels": entries.offered(found.places, chosen),
        "campaigns": days.campaigns_in(chosen, zone),
        "no_campaign": NO_CAMPAIGN,
        "states": [state.value for state in SHOWN_STATES],
        "may_write": current_user.can(Permission.POST_WRITE),
        "may_move": current_user.can(Permission.POST_SCHEDULE),
        "today": today,
        "hour_now": zones.to_local(at, zone).hour,
        "shown_zone": zone,
        "words": wording,
    }
