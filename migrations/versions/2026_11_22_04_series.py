"""Posts that come again, feeds of the calendar, imports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_04_series"
down_revision = "2026_11_22_03_slots"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("brand_post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_pattern", sa.Boolean(), nullable=False, server_default=sa.false()))
    _series()
    _feeds()
    _imports()


def downgrade() -> None:
    op.drop_index("ix_post_import_row_due_at", "post_import_row")
    op.drop_table("post_import_row")
    op.drop_index(op.f("ix_post_import_sha256"), "post_import")
    op.drop_table("post_import")
    op.drop_table("calendar_feed")
    op.drop_table("series_day")
    op.drop_table("series")
    with op.batch_alter_table("brand_post", schema=None) as batch_op:
        batch_op.drop_column("is_pattern")


def _series() -> None:
    op.create_table(
        "series",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("pattern_id", BIG, nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("wall_time", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("follows_id", BIG, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_series_author_id_user_account")),
        sa.ForeignKeyConstraint(["follows_id"], ["series.id"], name=op.f("fk_series_follows_id_series")),
        sa.ForeignKeyConstraint(["pattern_id"], ["brand_post.id"], name=op.f("fk_series_pattern_id_brand_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("pattern_id", name=op.f("uq_series_pattern_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_series_public_id")),
    )
    op.create_table(
        "series_day",
        sa.Column("series_id", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("post_id", BIG, nullable=True),
        sa.Column("content", JSON, nullable=False),
        sa.Column("wall_clock", sa.String(length=19), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["brand_post.id"], name=op.f("fk_series_day_post_id_brand_post")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_series_day_series_id_series")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_day")),
        sa.UniqueConstraint("post_id", name=op.f("uq_series_day_post_id")),
        sa.UniqueConstraint("series_id", "day", name=op.f("uq_series_day_series_id_day")),
    )


def _feeds() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("account_id", BIG, nullable=True),
        sa.Column("campaign_id", BIG, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("renewed_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_calendar_feed_account_id_channel_account")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_calendar_feed_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_calendar_feed_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("public_id", name=op.f("uq_calendar_feed_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )


def _imports() -> None:
    op.create_table(
        "post_import",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("formulas_are_words", sa.Boolean(), nullable=False),
        sa.Column("ignored", JSON, nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_post_import_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_post_import_public_id")),
    )
    op.create_index(op.f("ix_post_import_sha256"), "post_import", ["sha256"])
    op.create_table(
        "post_import_row",
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", JSON, nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("post_id", BIG, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["post_import.id"], name=op.f("fk_post_import_row_import_id_post_import")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["brand_post.id"], name=op.f("fk_post_import_row_post_id_brand_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_import_row")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_post_import_row_import_id_number")),
    )
    op.create_index("ix_post_import_row_due_at", "post_import_row", ["due_at"])
