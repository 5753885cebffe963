"""Indexes over columns that are mostly empty leave the empty ones out, so that writing a fact or a delivery costs less."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_00_partial_indexes"
down_revision = "2026_11_21_15_groupbuys"
branch_labels = None
depends_on = None

MOSTLY_EMPTY = {
    "ix_event_member_id_kind_occurred_at": ("event", ["member_id", "kind", "occurred_at"]),
    "ix_event_campaign_id_occurred_at": ("event", ["campaign_id", "occurred_at"]),
    "ix_event_actor_id_occurred_at": ("event", ["actor_id", "occurred_at"]),
    "ix_channel_post_campaign_id": ("channel_post", ["campaign_id"]),
}


def upgrade() -> None:
    for name, (table, columns) in MOSTLY_EMPTY.items():
        op.drop_index(name, table_name=table)
        filled = sa.text(f"{columns[0]} IS NOT NULL")
        op.create_index(name, table, columns, postgresql_where=filled, sqlite_where=filled)
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.drop_constraint("uq_delivery_channel_post_id", type_="unique")
    filled = sa.text("channel_post_id IS NOT NULL")
    op.create_index(
        "uq_delivery_channel_post_id",
        "delivery",
        ["channel_post_id"],
        unique=True,
        postgresql_where=filled,
        sqlite_where=filled,
    )


def downgrade() -> None:
    op.drop_index("uq_delivery_channel_post_id", table_name="delivery")
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.create_unique_constraint("uq_delivery_channel_post_id", ["channel_post_id"])
    for name, (table, columns) in MOSTLY_EMPTY.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns)
