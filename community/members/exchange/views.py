"""The pages for lists of members: choosing a file, looking at its rows, the report."""

from __future__ import annotations

from flask import Blueprint
from sqlalchemy.orm import joinedload

from commons.permissions import Permission
from commons.sheets.pages import ImportPages
from community.members.exchange.forms import MemberImportForm
from community.members.exchange.importing import members_in
from community.members.exchange.models import MemberImportRow

bp = Blueprint("member_tables", __name__, url_prefix="/members")

ImportPages(
    kind=members_in,
    permission=Permission.MEMBER_WRITE,
    form=MemberImportForm,
    choose="community/members/exchange/choose.html",
    look="community/members/exchange/look.html",
    name="members",
    row_options=[joinedload(MemberImportRow.member)],
).put_onto(bp)
