"""Indexes that keep the fans' pages fast: facts by member without a look at the rows, entries without a fact, steps by entry."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_24_speed"
down_revision = "2026_11_22_23_push"
branch_labels = None
depends_on = None

OF_MEMBER = "ix_event_member_id_kind_occurred_at"
HAS_MEMBER = sa.text("member_id IS NOT NULL")
WITHOUT_FACT = sa.text("event_id IS NULL")
HAS_ENTRY = sa.text("entry_id IS NOT NULL")


def upgrade() -> None:
    _of_member(postgresql_include=["id"])
    op.create_index(
        "ix_ledger_entry_without_fact",
        "ledger_entry",
        ["account_id", "occurred_at"],
        postgresql_where=WITHOUT_FACT,
        sqlite_where=WITHOUT_FACT,
    )
    op.create_index(
        "ix_level_change_entry_id", "level_change", ["entry_id"], postgresql_where=HAS_ENTRY, sqlite_where=HAS_ENTRY
    )


def downgrade() -> None:
    op.drop_index("ix_level_change_entry_id", table_name="level_change")
    op.drop_index("ix_ledger_entry_without_fact", table_name="ledger_entry")
    _of_member()


def _of_member(**options: list[str]) -> None:
    """The index anew on PostgreSQL; on SQLite it is what it was."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(OF_MEMBER, table_name="event")
        op.create_index(
            OF_MEMBER, "event", ["member_id", "kind", "occurred_at"], postgresql_where=HAS_MEMBER, **options
        )
