"""Parcel numbers of seats in group buys, and tables of parcel numbers that come in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_40_deliveries"
down_revision = "2026_11_22_39_goals"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("seat", sa.Column("tracking", sa.String(length=80), server_default="", nullable=False))
    with op.batch_alter_table("seat") as batch_op:
        batch_op.alter_column("tracking", server_default=None)
    _make_imports()
    _make_rows()


def downgrade() -> None:
    op.drop_table("parcel_import_row")
    op.drop_table("parcel_import")
    with op.batch_alter_table("seat") as batch_op:
        batch_op.drop_column("tracking")


def _make_imports() -> None:
    op.create_table(
        "parcel_import",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("formulas_are_words", sa.Boolean(), nullable=False),
        sa.Column("ignored", JSON, nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_parcel_import_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_parcel_import_public_id")),
    )
    op.create_index(op.f("ix_parcel_import_sha256"), "parcel_import", ["sha256"])


def _make_rows() -> None:
    op.create_table(
        "parcel_import_row",
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("what", sa.String(length=250), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", JSON, nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["parcel_import.id"], name=op.f("fk_parcel_import_row_import_id_parcel_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_import_row")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_parcel_import_row_import_id_number")),
    )
    op.create_index(op.f("ix_parcel_import_row_due_at"), "parcel_import_row", ["due_at"])
