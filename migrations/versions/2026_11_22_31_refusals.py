"""Why a row of a table was refused stands with its problems, in each language; the sentence in one language goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_31_refusals"
down_revision = "2026_11_22_30_pages"
branch_labels = None
depends_on = None

ROWS = ("post_import_row", "member_import_row", "link_order_import_row")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LENGTH = 500


def upgrade() -> None:
    for name in ROWS:
        rows = _table(name)
        said = sa.select(rows.c.id, rows.c.words).where(rows.c.words != "")
        for row_id, words in op.get_bind().execute(said).all():
            problems = [["", {"zh": words, "en": words}]]
            op.execute(sa.update(rows).where(rows.c.id == row_id).values(problems=problems))
        with op.batch_alter_table(name) as batch_op:
            batch_op.drop_column("words")


def downgrade() -> None:
    """Rows that were refused say why in Chinese, which is the language of whoever chose none."""
    for name in ROWS:
        with op.batch_alter_table(name) as batch_op:
            batch_op.add_column(sa.Column("words", sa.String(length=LENGTH), nullable=False, server_default=""))
        rows = _table(name)
        refused = sa.select(rows.c.id, rows.c.problems).where(rows.c.outcome == "refused")
        for row_id, problems in op.get_bind().execute(refused).all():
            words = " ".join(said if isinstance(said, str) else said["zh"] for _column, said in problems)
            op.execute(sa.update(rows).where(rows.c.id == row_id).values(words=words[:LENGTH]))
        with op.batch_alter_table(name) as batch_op:
            batch_op.alter_column("words", existing_type=sa.String(length=LENGTH), server_default=None)


def _table(name: str) -> sa.TableClause:
    columns = [
        sa.column("id", BIG),
        sa.column("words", sa.String),
        sa.column("problems", JSON),
        sa.column("outcome", sa.String),
    ]
    return sa.table(name, *columns)
