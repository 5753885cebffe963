"""Posts as a table that comes back as the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.posts.exchange import showing
from campaigns.posts.exchange.columns import COLUMNS
from campaigns.posts.exchange.knowing import deliveries_of, unique_titles
from campaigns.posts.models import BrandPost
from commons.db import db

AT_ONCE = 200
MOST = 10_000
# Of the columns in a workbook, in characters.
WIDTHS = tuple(
    {"text": 60, "parts": 30, "first_comment": 24, "channels": 22, "campaign": 18, "when": 18, "zone": 16}.get(name, 14)
    for name in COLUMNS
)


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
