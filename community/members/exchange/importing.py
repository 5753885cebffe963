"""Imports of members: from a file to rows that can be looked at, and from rows to members, each by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from commons.accounts.models import User
from commons.sheets.files import Line
from commons.sheets.kinds import ImportKind
from community.members.exchange.carrying import carry_out
from community.members.exchange.columns import TABLE
from community.members.exchange.comparing import Compared, compared
from community.members.exchange.knowing import context
from community.members.exchange.models import MemberImport, MemberImportRow


def _compare(found: MemberImport, lines: Sequence[Line], by: User, at: datetime) -> Sequence[Compared]:
    return compared(lines, context(by, at), by, found.formulas_are_words)


def _kept(result: Compared) -> Mapping[str, Any]:
    return {"member_id": result.member.id if result.member else None}


def _carry_out(row: MemberImportRow, result: Compared, by: User, at: datetime) -> None:
    row.member_id = carry_out(result, row.of, by, at).id


members_in = ImportKind(
    imports=MemberImport,
    rows=MemberImportRow,
    columns=TABLE,
    fact="members.imported",
    told=("basis",),
    compare=_compare,
    kept=_kept,
    carry_out=_carry_out,
    sentences=("problems", "notes"),
)
