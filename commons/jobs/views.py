"""The page on which a person sees background work and tries dead rows again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, make_response, render_template, request, url_for
from flask_babel import format_decimal, format_timedelta, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select, select

from commons import clock, events
from commons.db import db, random_id
from commons.jobs import claiming, outbox, registry
from commons.jobs import health as reading
from commons.jobs.models import Job, JobState
from commons.permissions import Permission
from commons.web import allow, go, one_or_404, region

bp = Blueprint("jobs", __name__, url_prefix="/admin/jobs")

PAGE = 50


@bp.get("")
@allow(Permission.JOBS_MANAGE)
def index() -> Response:
    """Counts, health, timetable, and the rows that the filter lets through."""
    return make_response(render_template("commons/jobs/index.html", **_listed(), **_standing(), turns=reading.turns()))


@bp.get("/health")
@allow(Permission.JOBS_MANAGE)
def health() -> Response:
    """Who is alive and how late things are, on its own: the page asks again every few seconds."""
    return region("commons/jobs/_health.html", **_standing())


@bp.post("/<public_id>/retry")
@allow(Permission.JOBS_MANAGE)
def retry(public_id: str) -> Response:
    """Try one dead row again from the start; one that is no longer dead is left as it is."""
    job = one_or_404(Job.visible_to(current_user), public_id)
    if _revive([job.id]):
        flash(_("It will be tried again now."), "good")
    else:
        flash(_("It is no longer given up; nothing was changed."), "info")
    return go(_address(_filter()))


@bp.post("/retry-dead")
@allow(Permission.JOBS_MANAGE)
def retry_dead() -> Response:
    """Try all dead rows again from the start."""
    count = _revive(None)
    flash(ngettext("%(num)s job will be tried again now.", "%(num)s jobs will be tried again now.", count), "good")
    return go(url_for("jobs.index"))


def _revive(ids: list[int] | None) -> int:
    now = clock.now()
    revived = claiming.revive(now, ids=ids)
    outbox.wake_after_commit(revived)
    if revived:
        payload = {"count": len(revived)}
        events.track(
            "jobs.retried", key=f"jobs.retried:{random_id()}", at=now, actor_id=current_user.id, payload=payload
        )
    db.session.commit()
    return len(revived)


def _standing() -> dict[str, Any]:
    return {"health": reading.health(clock.now()), "queues": registry.QUEUES, "span": _span}


def _span(length: timedelta) -> str:
    """A length of time in words: to the tenth of a second while it is short."""
    if length < timedelta(minutes=1):
        return str(_("%(count)s s", count=format_decimal(round(length.total_seconds(), 1))))
    return str(format_timedelta(length, granularity="minute"))


def _filter() -> dict[str, Any]:
    """What the address says about which rows to show; unknown words count as none."""
    state = request.values.get("state", "")
    name = request.values.get("name", "")
    known = {*registry.jobs, *registry.sweeps}
    chosen: dict[str, Any] = {"name": name} if name in known else {}
    return chosen | ({"state": JobState(state)} if state in set(JobState) else {})


def _listed() -> dict[str, Any]:
    chosen = _filter()
    before = request.args.get("before", type=int)
    after = request.args.get("after", type=int)
    found = _page(_narrowed(chosen), before, after)
    newest, oldest = (found[0].id, found[-1].id) if found else (None, None)
    return {
        "rows": found,
        "chosen": chosen,
        "counts": reading.counts(),
        "names": sorted({*registry.jobs, *registry.sweeps}),
        "newer": _address(chosen, after=newest) if newest and _any(_narrowed(chosen).where(Job.id > newest)) else None,
        "older": _address(chosen, before=oldest) if oldest and _any(_narrowed(chosen).where(Job.id < oldest)) else None,
        "lost": claiming.LOST,
    }


def _narrowed(chosen: dict[str, Any]) -> Select[Job]:
    return Job.visible_to(current_user).filter_by(**chosen)


def _page(query: Select[Job], before: int | None, after: int | None) -> list[Job]:
    """Newest first; `before` and `after` are the ids at the ends of the page that the reader comes from."""
    if after is not None:
        nearest = query.where(Job.id > after).order_by(Job.id).limit(PAGE)
        return list(reversed(db.session.scalars(nearest).all()))
    if before is not None:
        query = query.where(Job.id < before)
    return list(db.session.scalars(query.order_by(Job.id.desc()).limit(PAGE)))


def _any(query: Select[Job]) -> bool:
    return db.session.scalar(select(query.exists())) or False


def _address(chosen: dict[str, Any], **place: int | None) -> str:
    words = {field: str(value) for field, value in (chosen | place).items()}
    return url_for("jobs.index", _external=False, **words)
