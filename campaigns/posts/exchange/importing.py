"""Imports of posts: from a file to rows that can be looked at, and from rows to posts, each by itself and through the usual verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from campaigns.posts import writing
from campaigns.posts.exchange.carrying import carry_out
from campaigns.posts.exchange.columns import TABLE
from campaigns.posts.exchange.comparing import Compared, compared
from campaigns.posts.exchange.knowing import Known
from campaigns.posts.exchange.models import PostImport, PostImportRow
from commons.accounts.models import User
from commons.db import db
from commons.errors import DomainError
from commons.sheets.files import Line
from commons.sheets.importing import refusal_words
from commons.sheets.kinds import ImportKind
from commons.sheets.models import Verdict

REHEARSED = 100


def _compare(found: PostImport, lines: Sequence[Line], by: User, at: datetime) -> Sequence[Compared]:
    return compared(lines, Known(by, at, found.zone), found.formulas_are_words)


def _kept(result: Compared) -> Mapping[str, Any]:
    post = result.post
    return {"post_id": post.id if post else None, "revision": post.revision if post else None}


def _carry_out(row: PostImportRow, result: Compared, by: User, at: datetime) -> None:
    """Raises `Stale` when the post, or what the row would change of it, is no longer what somebody looked at."""
    if result.post is not None and (result.post.revision, result.changes) != (row.revision, row.changes):
        raise writing.Stale(
            _("Somebody else has changed this post in the meantime."), _("Export it again and start from that.")
        )
    row.post_id = carry_out(result, by, at).id


def _rehearse(results: Sequence[Compared], by: User, at: datetime) -> None:
    """Do it and undo it at once, so that whatever would be refused is said before anything is confirmed."""
    if len(results) <= REHEARSED:
        for result in results:
            if result.verdict in {Verdict.NEW, Verdict.CHANGED}:
                _try_out(result, by, at)


def _try_out(result: Compared, by: User, at: datetime) -> None:
    try:
        with db.session.begin_nested() as rehearsal:
            carry_out(result, by, at)
            rehearsal.rollback()
    except DomainError as refusal:
        result.meant.problems.append(["", refusal_words(refusal)])
        result.verdict = Verdict.BROKEN
    finally:
        db.session.expire_all()


posts_in = ImportKind(
    imports=PostImport,
    rows=PostImportRow,
    columns=TABLE,
    fact="posts.imported",
    compare=_compare,
    kept=_kept,
    carry_out=_carry_out,
    rehearse=_rehearse,
)
