"""The pages of insights, the rows behind each number, and the report on screen, on paper and as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_login import current_user

from campaigns.insights import cohort_rows, cohorts, funnel, overview, periods, rows, wording
from campaigns.insights.asking import Asked, asked, kept_args
from campaigns.insights.cells import Reader
from campaigns.insights.measures import MEASURES, Measure
from campaigns.planning.reading import listed
from commons import clock, zones
from commons.admin import brand
from commons.paging import asked_page
from commons.permissions import Permission
from commons.tables import table_answer
from commons.web import allow
from community.seed_users.cohorts import FEWEST
from community.seed_users.models import Unit
from community.seed_users.retention import counted

bp = Blueprint("insights", __name__, url_prefix="/insights")


@bp.get("")
@allow(Permission.INSIGHTS_READ)
def index() -> Response:
    """The headlines of a period, beside those of the period before."""
    wanted = _asked()
    return _page("index", wanted, page=overview.overview(wanted, current_user), groupings=wording.GROUPINGS)


@bp.get("/funnel")
@allow(Permission.INSIGHTS_READ)
def funnel_page() -> Response:
    """From a post to an order that comes again, for a campaign, a channel, a period."""
    wanted = _asked()
    campaigns = {campaign.public_id: campaign.title for campaign in listed(current_user, clock.now())}
    return _page("funnel", wanted, steps=funnel.steps(wanted), campaigns=campaigns, channels=funnel.channels())


@bp.get("/cohorts")
@allow(Permission.INSIGHTS_READ)
def cohort_page() -> Response:
    """Who stays, and what they order, by when they joined."""
    unit = _unit()
    count, stay = counted(unit)
    zone = brand.current().zone
    context = {"unit": unit, "count": count, "stay": stay, "fewest": FEWEST, "day_zone": zone}
    values = cohorts.values(unit, clock.now(), zone)
    return _page("cohorts", _asked(), values=values, most=_most(values), **context)


@bp.get("/cohorts.<any(csv, xlsx):kind>")
@allow(Permission.INSIGHTS_READ)
def export_cohorts(kind: str) -> Response:
    unit = _unit()
    return table_answer(kind, cohort_rows.both(unit, clock.now(), brand.current().zone), f"cohorts-{unit.value}")


@bp.get("/cohorts/rows")
@allow(Permission.INSIGHTS_READ)
def cohort_cell() -> str:
    """The people, or the orders, behind one cell of a table of cohorts."""
    found = cohort_rows.table(_unit(), request.args, clock.now(), _reader())
    if found is None:
        abort(404)
    context = {"args": {"unit": _unit().value} | kept_args("first", "later", "of")}
    page = found.page(asked_page())
    return render_template("campaigns/insights/cohort_rows.html", page=page, heads=found.heads, **context)


@bp.get("/cohorts/rows.<any(csv, xlsx):kind>")
@allow(Permission.INSIGHTS_READ)
def export_cell(kind: str) -> Response:
    found = cohort_rows.table(_unit(), request.args, clock.now(), _reader())
    if found is None:
        abort(404)
    return table_answer(kind, [("", found.plain())], "cohort")


@bp.get("/rows/<name>")
@allow(Permission.INSIGHTS_READ)
def show(name: str) -> Response:
    """The rows behind a number, in pages."""
    measure, wanted = _measure(name), _asked()
    found = rows.table(name, wanted, _reader())
    if found is None:
        abort(404)
    context = {"measure": measure, "page": found.page(asked_page()), "heads": found.heads}
    return _page("rows", wanted, **context)


@bp.get("/rows/<name>.<any(csv, xlsx):kind>")
@allow(Permission.INSIGHTS_READ)
def export(name: str, kind: str) -> Response:
    """The same, all of them, as a file."""
    measure, wanted = _measure(name), _asked()
    found = rows.table(name, wanted, _reader())
    if found is None or wanted.trouble:
        abort(404)
    return table_answer(
        kind, [(str(measure.label), found.plain())], f"{name}-{wanted.period.first}-{wanted.period.last}"
    )


@bp.get("/definitions")
@allow(Permission.INSIGHTS_READ)
def definitions() -> str:
    return render_template("campaigns/insights/definitions.html", measures=MEASURES.values())


@bp.get("/report")
@allow(Permission.INSIGHTS_READ)
def report() -> Response:
    """All of it on one page, made for paper."""
    wanted = _asked()
    context = {
        "page": overview.overview(wanted, current_user),
        "steps": funnel.steps(wanted),
        "values": cohorts.values(Unit.MONTH, clock.now(), wanted.period.zone),
        "printed_at": clock.now(),
    }
    return _page("report", wanted, **context)


@bp.get("/report.<any(csv, xlsx):kind>")
@allow(Permission.INSIGHTS_READ)
def export_report(kind: str) -> Response:
    wanted = _asked()
    if wanted.trouble:
        abort(404)
    tables = overview.report(wanted, current_user, clock.now())
    return table_answer(kind, tables, f"insights-{wanted.period.first}-{wanted.period.last}")


def _asked() -> Asked:
    return asked(request.args, clock.now())


def _unit() -> Unit:
    return Unit.WEEK if request.args.get("unit") == Unit.WEEK.value else Unit.MONTH


def _reader() -> Reader:
    return Reader(current_user, brand.current().zone)


def _measure(name: str) -> Measure:
    return MEASURES.get(name) or abort(404)


def _most(values: Sequence[cohorts.ValueCohort]) -> int:
    """The highest average of the table, by which the others are shaded; at least 1."""
    return (
        max((cohort.amount_each(number).minor for cohort in values for number in range(len(cohort.orders))), default=0)
        or 1
    )


def _page(name: str, wanted: Asked, **context: Any) -> Response:
    """A page with the period in its head; what could not be followed is said there, with status 422."""
    zone = wanted.period.zone
    presets = periods.presets(zones.day_of(clock.now(), zone), zone)
    html = render_template(
        f"campaigns/insights/{name}.html",
        asked=wanted,
        measures=MEASURES,
        presets={name: (wording.PRESETS[name], period) for name, period in presets.items()},
        **context,
    )
    return make_response(html, 422 if wanted.trouble else 200)
