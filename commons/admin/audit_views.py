"""The audit log as a page and as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from commons import i18n
from commons.accounts.models import User
from commons.admin import audit
from commons.admin.views import bp
from commons.db import db
from commons.paging import row_id
from commons.permissions import Permission
from commons.tables import csv_answer
from commons.web import allow

PAGE = 50
MOST_ROWS = 50_000


@bp.get("/audit")
@allow(Permission.AUDIT_READ)
def audit_log() -> str:
    chosen = _chosen()
    found = audit.acts(chosen, PAGE + 1)
    shown = found[:PAGE]
    older = url_for("admin.audit_log", **_asked(), before=shown[-1].id) if len(found) > PAGE else None
    context = {"acts": shown, "older": older, "asked": _asked(), "people": audit.actors(), "kinds": audit.kinds()}
    return render_template("commons/admin/audit.html", **context)


@bp.get("/audit.csv")
@allow(Permission.AUDIT_READ)
def audit_csv() -> Response:
    return csv_answer(_rows(audit.acts(_chosen(), MOST_ROWS)), "audit-log")


def _rows(acts: Iterable[audit.Act]) -> Iterator[Sequence[str]]:
    yield _("When (UTC)"), _("Who"), _("Email address"), _("What"), _("Kind")
    for act in acts:
        who = (act.who.name, act.who.email or "") if act.who else ("", "")
        yield f"{act.at:%Y-%m-%d %H:%M:%S}", *who, act.words, act.kind


def _chosen() -> audit.Filter:
    asked = _asked()
    actor = None
    if asked.get("person"):
        actor = db.session.scalars(select(User).where(User.public_id == asked["person"])).one_or_none()
    return audit.Filter(
        zone=i18n.zone(),
        actor=actor,
        kind=asked.get("kind", ""),
        first=_day(asked.get("first", "")),
        last=_day(asked.get("last", "")),
        before=row_id(request.args.get("before")),
    )


def _asked() -> dict[str, Any]:
    """The filters of the address that hold something."""
    return {name: request.args[name] for name in ("person", "kind", "first", "last") if request.args.get(name)}


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found <= date(2200, 1, 1) else None
