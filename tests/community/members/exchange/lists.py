"""Lists of members, taken in and written as the pages do it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from commons import jobs
from commons.accounts.models import User
from commons.db import db
from commons.sheets.models import Verdict
from community.members.exchange.importing import members_in
from community.members.exchange.models import MemberImport, MemberImportRow
from community.members.models import Member
from tests.campaigns.posts.exchange.tables import a_csv

HEAD = ["Name", "Mail address", "Handles", "Tags", "Joined"]


def taken_in(by: User, at: datetime, *rows: Sequence[str], head: Sequence[str] = HEAD) -> MemberImport:
    return members_in.open("members.csv", a_csv(head, *rows), basis="signed our list", by=by, at=at)


def written(by: User, at: datetime, *rows: Sequence[str], head: Sequence[str] = HEAD) -> list[MemberImportRow]:
    found = taken_in(by, at, *rows, head=head)
    members_in.confirm(found, by=by, at=at)
    jobs.drain(at)
    return list(members_in.rows_of(found))


def verdicts(found: MemberImport) -> list[Verdict]:
    return [row.verdict for row in members_in.rows_of(found)]


def members() -> list[Member]:
    return list(db.session.scalars(select(Member).order_by(Member.id)))
