"""The page of all that stands in the way of posts that have yet to go out."""

from __future__ import annotations

from flask import render_template
from flask_login import current_user

from campaigns.publishing import findings
from campaigns.publishing.views import bp
from commons.permissions import Permission
from commons.web import allow

MOST = 200


@bp.get("/findings")
@allow(Permission.POST_READ)
def all_findings() -> str:
    """What goes out next stands first."""
    return render_template("campaigns/publishing/findings.html", found=findings.open_for(current_user, MOST), most=MOST)
