"""Whose level is in danger, and whose is set by hand: for staff, page by page and as tables."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence

from flask import Response, render_template, request
from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from commons import clock, i18n
from commons.db import db
from commons.paging import asked_page, page_of
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow
from commons.zones import to_local
from community.loyalty.levels.models import LevelGrace, LevelLock
from community.loyalty.levels.views import bp
from community.members.models import Member

PAGE = 50


class Part(enum.StrEnum):
    """Which of the two lists."""

    DANGER = "danger"
    BY_HAND = "by_hand"


@bp.get("/levels/in-danger")
@allow(Permission.LOYALTY_READ)
def in_danger() -> str:
    """Who was told that a level is lost soon, or which levels are set by hand."""
    part, number = _asked_part(), asked_page()
    return render_template(
        "community/loyalty/in_danger.html",
        part=part,
        Part=Part,
        page=page_of(_graces(), number, PAGE) if part is Part.DANGER else page_of(_locks(), number, PAGE),
        counts={Part.DANGER: _count(_graces()), Part.BY_HAND: _count(_locks())},
    )


@bp.get("/levels/in-danger.csv")
@allow(Permission.LOYALTY_READ)
def export_in_danger() -> Response:
    """The whole list."""
    part = _asked_part()
    rows = _danger_rows() if part is Part.DANGER else _lock_rows()
    answer = csv_answer(list(rows), f"levels-{part.value}-{clock.now():%Y%m%d}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked_part() -> Part:
    chosen = request.args.get("part", "")
    return Part(chosen) if chosen in list(Part) else Part.DANGER


def _graces() -> Select[LevelGrace]:
    """Those that come first at the top; who is part of another member by now is not told about."""
    open_now = select(LevelGrace).join(LevelGrace.member).where(LevelGrace.closed_at.is_(None), Member.counts())
    loaded = joinedload(LevelGrace.member), joinedload(LevelGrace.level), joinedload(LevelGrace.to_level)
    return open_now.options(*loaded).order_by(LevelGrace.ends_at, LevelGrace.id)


def _locks() -> Select[LevelLock]:
    held = select(LevelLock).join(LevelLock.member).where(LevelLock.ended_at.is_(None), Member.counts())
    loaded = joinedload(LevelLock.member), joinedload(LevelLock.level), joinedload(LevelLock.made_by)
    return held.options(*loaded).order_by(LevelLock.made_at.desc(), LevelLock.id.desc())


def _count(query: Select[LevelGrace] | Select[LevelLock]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def _danger_rows() -> Iterator[Sequence[object]]:
    yield _("Member"), _("Level"), _("Goes down to"), _("Told"), _("On")
    zone = i18n.zone()
    for grace in db.session.scalars(_graces()):
        days = (to_local(moment, zone).strftime("%Y-%m-%d %H:%M") for moment in (grace.began_at, grace.ends_at))
        yield grace.member.name, str(grace.level.name), str(grace.to_level.name), *days


def _lock_rows() -> Iterator[Sequence[object]]:
    yield _("Member"), _("Level"), _("Reason"), _("Set"), _("By"), _("Until")
    zone = i18n.zone()
    for lock in db.session.scalars(_locks()):
        until = to_local(lock.until, zone).strftime("%Y-%m-%d %H:%M") if lock.until else ""
        made = to_local(lock.made_at, zone).strftime("%Y-%m-%d %H:%M")
        yield lock.member.name, str(lock.level.name), lock.reason, made, lock.made_by.name, until
