"""The plan of a campaign over HTTP: the overview, and its sections, each edited in its place."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from campaigns.planning import changing, phasing, reading, slots, tasks, wording
from campaigns.planning.models import Campaign, Part, Task
from campaigns.planning.part_forms import PartForm
from campaigns.planning.sections import SECTIONS, Section
from campaigns.planning.views import bp, visible
from commons import clock
from commons.db import db
from commons.errors import DomainError
from commons.panels import in_order
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow, go, region

OF_PLAN = f"/<public_id>/<any({', '.join(SECTIONS)}):name>"

bp.add_app_template_filter(wording.measure_word, "measure_word")


@bp.get("/<public_id>")
@allow(Permission.CAMPAIGN_READ)
def show(public_id: str) -> str:
    """The overview: how far the goals are, what comes next, what needs care."""
    campaign, at = visible(public_id), clock.now()
    planned, spent = reading.budget_of(campaign)
    return render_template(
        "campaigns/planning/show.html",
        **_page(campaign),
        kind=wording.KIND_WORDS[campaign.kind],
        goals=reading.paces(campaign, at),
        verdicts=wording.VERDICTS,
        phase=phasing.current(campaign.phases, at),
        next_phase=phasing.upcoming(campaign.phases, at),
        planned=planned,
        spent=spent,
        risk_states=wording.RISK_STATES,
        panels=in_order(panel(campaign, at) for panel in slots.plan_panels),
    )


@bp.get(OF_PLAN)
@allow(Permission.CAMPAIGN_READ)
def section(public_id: str, name: str) -> Response:
    return _section(visible(public_id), SECTIONS[name])


@bp.get(OF_PLAN + ".csv")
@allow(Permission.CAMPAIGN_READ)
def export(public_id: str, name: str) -> Response:
    """A section as a table; times in UTC."""
    campaign = visible(public_id)
    rows = list(SECTIONS[name].export(campaign, clock.now()))
    return csv_answer(rows, f"{name}-{campaign.public_id}")


@bp.post(OF_PLAN)
@allow(Permission.CAMPAIGN_WRITE)
def add(public_id: str, name: str) -> Response:
    campaign, place = visible(public_id), SECTIONS[name]
    form = place.form(campaign)
    if not form.validate_on_submit():
        return _section(campaign, place, form=form, status=422)
    try:
        values, at = form.values(), clock.now()
        changing.add(place.kind, campaign, values, public_id=form.new_id, by=current_user, at=at)
    except DomainError as refusal:
        db.session.rollback()
        return _section(visible(public_id), place, form=form, refusal=refusal, status=refusal.status)
    return _done(public_id, place)


@bp.get(OF_PLAN + "/<part_id>")
@allow(Permission.CAMPAIGN_WRITE)
def edit_part(public_id: str, name: str, part_id: str) -> Response:
    campaign, place = visible(public_id), SECTIONS[name]
    part = place.part(campaign, part_id)
    return _section(campaign, place, part) if part is not None else _removed(campaign, place)


@bp.post(OF_PLAN + "/<part_id>")
@allow(Permission.CAMPAIGN_WRITE)
def change_part(public_id: str, name: str, part_id: str) -> Response:
    """Save one part; who began from an older state is shown what has changed since, with the own words kept."""
    campaign, place = visible(public_id), SECTIONS[name]
    part = place.part(campaign, part_id)
    if part is None:
        return _removed(campaign, place)
    form = place.form(campaign, part)
    if not form.validate_on_submit():
        return _section(campaign, place, part, form=form, status=422)
    try:
        changing.change(part, form.values(), revision=form.read_revision, by=current_user, at=clock.now())
    except DomainError as refusal:
        return _refused(public_id, place, part_id, form, refusal)
    return _done(public_id, place)


@bp.post(OF_PLAN + "/<part_id>/remove")
@allow(Permission.CAMPAIGN_WRITE)
def remove_part(public_id: str, name: str, part_id: str) -> Response:
    campaign, place = visible(public_id), SECTIONS[name]
    part = place.part(campaign, part_id)
    if part is None:
        return _done(public_id, place)
    revision = request.form.get("revision", "")
    try:
        read = int(revision) if revision.isdecimal() and len(revision) < 10 else -1
        changing.remove(part, revision=read, by=current_user, at=clock.now())
    except DomainError as refusal:
        db.session.rollback()
        return _section(visible(public_id), place, refusal=refusal, status=refusal.status)
    return _done(public_id, place)


@bp.post("/<public_id>/tasks/<part_id>/done")
@allow(Permission.CAMPAIGN_READ)
def finish(public_id: str, part_id: str) -> Response:
    return _carry_out(tasks.finish, public_id, part_id)


@bp.post("/<public_id>/tasks/<part_id>/reopen")
@allow(Permission.CAMPAIGN_READ)
def reopen(public_id: str, part_id: str) -> Response:
    return _carry_out(tasks.reopen, public_id, part_id)


def _carry_out(verb: Any, public_id: str, part_id: str) -> Response:
    campaign, place = visible(public_id), SECTIONS["tasks"]
    task = place.part(campaign, part_id)
    if not isinstance(task, Task):
        return _removed(campaign, place)
    verb(task, by=current_user, at=clock.now())
    db.session.commit()
    if request.form.get("from") == "home":
        return go(url_for("staff.home"))
    return _done(public_id, place)


def _done(public_id: str, place: Section) -> Response:
    """Saved: the section as it stands now."""
    db.session.commit()
    return _section(
        visible(public_id), place, or_redirect=url_for("planning.section", public_id=public_id, name=place.name)
    )


def _removed(campaign: Campaign, place: Section) -> Response:
    """Somebody has taken the part out of the plan while another had it open."""
    flash(_("Somebody else has removed this meanwhile."), "bad")
    return go(url_for("planning.section", public_id=campaign.public_id, name=place.name))


def _refused(public_id: str, place: Section, part_id: str, form: PartForm, refusal: DomainError) -> Response:
    """The form again with what was typed. It begins from the newest state now: saving again takes what was typed."""
    changes = getattr(refusal, "changes", ())
    db.session.rollback()
    campaign = visible(public_id)
    part = place.part(campaign, part_id)
    if part is None:
        return _removed(campaign, place)
    form.revision.data = str(part.revision)
    return _section(campaign, place, part, form=form, refusal=refusal, changes=changes, status=refusal.status)


def _section(
    campaign: Campaign,
    place: Section,
    part: Part | None = None,
    *,
    form: PartForm | None = None,
    refusal: DomainError | None = None,
    changes: Any = (),
    status: int = 200,
    or_redirect: str = "",
) -> Response:
    """The region of a section: its parts, and the form for a new one or for `part`."""
    context = {
        **_page(campaign),
        "section": place,
        "part": part,
        "form": form or place.form(campaign, part, formdata=None),
        "refusal": refusal,
        "changes": changes,
        "difference_words": wording.difference_words,
        "may_add": True,
        **place.context(campaign, clock.now()),
    }
    page = "campaigns/planning/plan.html"
    answer = region("campaigns/planning/_section.html", page=page, or_redirect=or_redirect, status=status, **context)
    return make_response(answer)


def _page(campaign: Campaign) -> dict[str, Any]:
    """What stands on every page of a plan."""
    at = clock.now()
    return {
        "campaign": campaign,
        "state": wording.state_of(campaign, at),
        "sections": SECTIONS.values(),
        "at": at,
        "may_write": current_user.can(Permission.CAMPAIGN_WRITE) and campaign.cancelled_at is None,
    }
