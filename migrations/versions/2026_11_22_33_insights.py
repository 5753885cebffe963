"""Who ordered by a link; hold-out groups of campaigns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_33_insights"
down_revision = "2026_11_22_32_chains"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
HAS_CUSTOMER = sa.text("customer_id IS NOT NULL")
HAS_MARK = sa.text("customer_mark IS NOT NULL")


def upgrade() -> None:
    _name_customers()
    op.create_table(
        "holdout",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("segment_id", BIG, nullable=True),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("kept_out", sa.Integer(), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("drawn_by_id", BIG, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.CheckConstraint("share >= 1 AND share <= 50", name=op.f("ck_holdout_share_within_half")),
        sa.CheckConstraint("kept_out >= 0 AND kept_out <= people", name=op.f("ck_holdout_kept_out_of_people")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_holdout_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name=op.f("fk_holdout_segment_id_segment")),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["user_account.id"], name=op.f("fk_holdout_drawn_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holdout")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_holdout_campaign_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_holdout_public_id")),
    )
    op.create_table(
        "holdout_member",
        sa.Column("holdout_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("is_kept_out", sa.Boolean(), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["holdout_id"], ["holdout.id"], name=op.f("fk_holdout_member_holdout_id_holdout")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_holdout_member_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holdout_member")),
        sa.UniqueConstraint("holdout_id", "member_id", name=op.f("uq_holdout_member_holdout_id_member_id")),
    )
    op.create_index("ix_holdout_member_member_id", "holdout_member", ["member_id", "is_kept_out"])


def downgrade() -> None:
    op.drop_table("holdout_member")
    op.drop_table("holdout")
    op.drop_index("ix_link_conversion_customer_mark", table_name="link_conversion")
    op.drop_index("ix_link_conversion_customer_id", table_name="link_conversion")
    with op.batch_alter_table("link_conversion") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_link_conversion_customer_id_member"), type_="foreignkey")
        batch_op.drop_column("customer_mark")
        batch_op.drop_column("customer_id")


def _name_customers() -> None:
    """Orders that are there already name nobody."""
    with op.batch_alter_table("link_conversion") as batch_op:
        batch_op.add_column(sa.Column("customer_id", BIG, nullable=True))
        batch_op.add_column(sa.Column("customer_mark", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_link_conversion_customer_id_member"), "member", ["customer_id"], ["id"]
        )
    op.create_index(
        "ix_link_conversion_customer_id",
        "link_conversion",
        ["customer_id", "ordered_at"],
        postgresql_where=HAS_CUSTOMER,
        sqlite_where=HAS_CUSTOMER,
    )
    op.create_index(
        "ix_link_conversion_customer_mark",
        "link_conversion",
        ["customer_mark"],
        postgresql_where=HAS_MARK,
        sqlite_where=HAS_MARK,
    )
