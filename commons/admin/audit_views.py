"""The audit log as a page and as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from commons import i18n
from commons.accounts.models import User
from commons.admin import audit
from commons.admin.views import bp
from commons.db import db
from commons.permissions import Permission
from commons.web import allow

PAGE = 50
MOST_ROWS = 50_000
BOM = "\ufeff"  # tells spreadsheets that the file is UTF-8


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
    out = io.StringIO()
    out.write(BOM)
    table = csv.writer(out)
    table.writerow([_("When (UTC)"), _("Who"), _("Email address"), _("What"), _("Kind")])
    for act in audit.acts(_chosen(), MOST_ROWS):
        who = (act.who.name, act.who.email or "") if act.who else ("", "")
        table.writerow([act.at.strftime("%Y-%m-%d %H:%M:%S"), *map(_harmless, (*who, act.words, act.kind))])
    answer = make_response(out.getvalue())
    answer.mimetype = "text/csv"
    answer.headers["Content-Disposition"] = 'attachment; filename="audit-log.csv"'
    return answer


def _harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _chosen() -> audit.Filter:
    asked = _asked()
    actor = None
    if asked.get("person"):
        actor = db.session.scalars(select(User).where(User.public_id == asked["person"])).one_or_none()
    before = request.args.get("before", "")
    return audit.Filter(
        zone=i18n.zone(),
        actor=actor,
        kind=asked.get("kind", ""),
        first=_day(asked.get("first", "")),
        last=_day(asked.get("last", "")),
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
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
