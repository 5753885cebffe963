"""Posts as a table that comes back as the same, and that table as XLSX."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.posts.exchange import showing
from campaigns.posts.exchange.columns import COLUMNS
from campaigns.posts.exchange.knowing import deliveries_of, unique_titles
from campaigns.posts.models import BrandPost
from commons.db import db
from commons.sheets.formulas import guarded

AT_ONCE = 200
MOST = 10_000
WIDTHS = {
    "id": 14,
    "text": 60,
    "parts": 30,
    "first_comment": 24,
    "channels": 22,
    "campaign": 18,
    "when": 18,
    "zone": 16,
}


def table(ids: Sequence[int]) -> Iterator[list[str]]:
    """The headings, then one row for each of the posts, in this order."""
    yield [str(words) for words in COLUMNS.values()]
    titles = unique_titles()
    for start in range(0, min(len(ids), MOST), AT_ONCE):
        wanted = ids[start : start + AT_ONCE]
        query = select(BrandPost).where(BrandPost.id.in_(wanted))
        query = query.options(joinedload(BrandPost.campaign), joinedload(BrandPost.link))
        posts = {post.id: post for post in db.session.scalars(query).unique()}
        deliveries = deliveries_of(list(posts.values()))
        for post_id in wanted:
            if post_id in posts:
                cells = showing.cells_of(posts[post_id], deliveries.get(post_id, []), titles)
                yield showing.outside(cells)


def as_xlsx(rows: Iterable[Sequence[str]]) -> io.BytesIO:
    """The file, every cell as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Posts")
    sheet.freeze_panes = "A2"
    for letter, name in zip("ABCDEFGHIJKL", COLUMNS, strict=True):
        sheet.column_dimensions[letter].width = WIDTHS.get(name, 14)
    for number, row in enumerate(rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, guarded(ILLEGAL_CHARACTERS_RE.sub("", text)))
            cell.data_type, cell.number_format = "s", "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out
