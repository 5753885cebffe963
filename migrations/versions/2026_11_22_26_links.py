"""Links with domains, terms, further targets and orders; visits with device, language and region."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_26_links"
down_revision = "2026_11_22_25_draws"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
OF_THE_HOUSE = sa.text("domain_id IS NULL")
HAS_DOMAIN = sa.text("domain_id IS NOT NULL")
HAS_CHECK = sa.text("check_due_at IS NOT NULL")


def upgrade() -> None:
    _make_domains()
    _extend_links()
    _make_ways()
    for column in _hit_columns():
        op.add_column("hit", column)
    op.create_index("ix_hit_visitor", "hit", ["visitor", "link_id", "occurred_at"])
    _make_orders()
    _make_order_imports()


def downgrade() -> None:
    for table in (
        "link_order_import_row",
        "link_order_import",
        "link_spent_signature",
        "link_conversion_call",
        "link_conversion",
        "link_signing_key",
    ):
        op.drop_table(table)
    op.drop_index("ix_hit_visitor", table_name="hit")
    with op.batch_alter_table("hit") as batch_op:
        for column in _hit_columns():
            batch_op.drop_column(column.name)
    op.drop_table("link_way")
    _shorten_links()
    op.drop_table("link_domain")


def _make_domains() -> None:
    op.create_table(
        "link_domain",
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("proved_at", MOMENT, nullable=True),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("trouble", sa.String(length=300), nullable=False),
        sa.Column("default_since", MOMENT, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_link_domain_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_domain")),
        sa.UniqueConstraint("host", name=op.f("uq_link_domain_host")),
        sa.UniqueConstraint("public_id", name=op.f("uq_link_domain_public_id")),
    )


def _extend_links() -> None:
    """Endings are unique on each domain now, and no longer everywhere."""
    with op.batch_alter_table("link") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_link_slug"), type_="unique")
        for column in _link_columns():
            batch_op.add_column(column)
        batch_op.create_foreign_key(batch_op.f("fk_link_domain_id_link_domain"), "link_domain", ["domain_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_link_card_picture_id_picture"), "picture", ["card_picture_id"], ["id"]
        )
    _index("uq_link_slug_of_the_house", ["slug"], OF_THE_HOUSE, unique=True)
    _index("uq_link_domain_id_slug", ["domain_id", "slug"], HAS_DOMAIN, unique=True)
    _index("ix_link_check_due_at", ["check_due_at"], HAS_CHECK)


def _shorten_links() -> None:
    for name in ("ix_link_check_due_at", "uq_link_domain_id_slug", "uq_link_slug_of_the_house"):
        op.drop_index(name, table_name="link")
    op.execute("UPDATE link SET slug = public_id WHERE domain_id IS NOT NULL")
    with op.batch_alter_table("link") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_link_card_picture_id_picture"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_link_domain_id_link_domain"), type_="foreignkey")
        for column in _link_columns():
            batch_op.drop_column(column.name)
        batch_op.create_unique_constraint(batch_op.f("uq_link_slug"), ["slug"])


def _make_ways() -> None:
    op.create_table(
        "link_way",
        sa.Column("link_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=2000), nullable=False),
        sa.Column("device", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("region", sa.String(length=8), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_way_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_way")),
        sa.UniqueConstraint("public_id", name=op.f("uq_link_way_public_id")),
    )
    op.create_index(op.f("ix_link_way_link_id"), "link_way", ["link_id"])


def _make_orders() -> None:
    op.create_table(
        "link_signing_key",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_link_signing_key_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_signing_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_link_signing_key_public_id")),
    )
    op.create_table(
        "link_conversion",
        sa.Column("order_number", sa.String(length=80), nullable=False),
        sa.Column("link_id", BIG, nullable=False),
        sa.Column("hit_uid", sa.String(length=32), nullable=True),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_conversion_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_conversion")),
        sa.UniqueConstraint("order_number", name=op.f("uq_link_conversion_order_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_link_conversion_public_id")),
    )
    op.create_index("ix_link_conversion_link_id_ordered_at", "link_conversion", ["link_id", "ordered_at"])
    op.create_index(op.f("ix_link_conversion_hit_uid"), "link_conversion", ["hit_uid"])
    op.create_table(
        "link_conversion_call",
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("conversion_id", BIG, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversion_id"],
            ["link_conversion.id"],
            name=op.f("fk_link_conversion_call_conversion_id_link_conversion"),
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["link_signing_key.id"], name=op.f("fk_link_conversion_call_key_id_link_signing_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_conversion_call")),
        sa.UniqueConstraint("key_id", "idempotency_key", name=op.f("uq_link_conversion_call_key_id_idempotency_key")),
    )
    op.create_table(
        "link_spent_signature",
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("spent_at", MOMENT, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_spent_signature")),
        sa.UniqueConstraint("signature", name=op.f("uq_link_spent_signature_signature")),
    )
    op.create_index(op.f("ix_link_spent_signature_spent_at"), "link_spent_signature", ["spent_at"])


def _make_order_imports() -> None:
    op.create_table(
        "link_order_import",
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
            ["made_by_id"], ["user_account.id"], name=op.f("fk_link_order_import_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_order_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_link_order_import_public_id")),
    )
    op.create_index(op.f("ix_link_order_import_sha256"), "link_order_import", ["sha256"])
    op.create_table(
        "link_order_import_row",
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("link_id", BIG, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", JSON, nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["link_order_import.id"], name=op.f("fk_link_order_import_row_import_id_link_order_import")
        ),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_order_import_row_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_order_import_row")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_link_order_import_row_import_id_number")),
    )
    op.create_index(op.f("ix_link_order_import_row_due_at"), "link_order_import_row", ["due_at"])


def _index(name: str, columns: list[str], where: sa.TextClause, *, unique: bool = False) -> None:
    op.create_index(name, "link", columns, unique=unique, postgresql_where=where, sqlite_where=where)


def _link_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("domain_id", BIG, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("most_visits", sa.Integer(), nullable=True),
        sa.Column("visits_taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("main_weight", sa.Integer(), server_default="1", nullable=False),
        sa.Column("tells_click", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("card_title", sa.String(length=120), server_default="", nullable=False),
        sa.Column("card_text", sa.String(length=300), server_default="", nullable=False),
        sa.Column("card_picture_id", BIG, nullable=True),
        sa.Column("check_due_at", MOMENT, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("misses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("miss_words", sa.String(length=300), server_default="", nullable=False),
        sa.Column("dead_since", MOMENT, nullable=True),
    ]


def _hit_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("device", sa.String(length=16), server_default="", nullable=False),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("region", sa.String(length=8), server_default="", nullable=False),
        sa.Column("way_id", BIG, nullable=True),
    ]
