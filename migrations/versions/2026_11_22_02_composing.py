"""Labels, templates, versions of a post, and who is in it; handles by the beginning of their names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_02_composing"
down_revision = "2026_11_22_01_many_channels"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "label",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label")),
        sa.UniqueConstraint("name", name=op.f("uq_label_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_label_public_id")),
    )
    op.create_table(
        "post_label",
        sa.Column("post_id", BIG, nullable=False),
        sa.Column("label_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name=op.f("fk_post_label_label_id_label")),
        sa.ForeignKeyConstraint(["post_id"], ["brand_post.id"], name=op.f("fk_post_label_post_id_brand_post")),
        sa.PrimaryKeyConstraint("post_id", "label_id", name=op.f("pk_post_label")),
    )
    op.create_index(op.f("ix_post_label_label_id"), "post_label", ["label_id"])
    op.create_table(
        "post_version",
        sa.Column("post_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", BIG, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_post_version_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["brand_post.id"], name=op.f("fk_post_version_post_id_brand_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_version")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_post_version_post_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_post_version_public_id")),
    )
    op.create_table(
        "post_presence",
        sa.Column("post_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["brand_post.id"], name=op.f("fk_post_presence_post_id_brand_post")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_post_presence_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_presence")),
        sa.UniqueConstraint("post_id", "user_id", name=op.f("uq_post_presence_post_id_user_id")),
    )
    op.create_table(
        "snippet",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_by_id", BIG, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user_account.id"], name=op.f("fk_snippet_changed_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snippet")),
        sa.UniqueConstraint("kind", "name", name=op.f("uq_snippet_kind_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_snippet_public_id")),
    )
    # PostgreSQL compares by code point here, as SQLite does, so that what begins alike stands together.
    order = ' COLLATE "C"' if op.get_bind().dialect.name == "postgresql" else ""
    op.create_index("ix_handle_name_folded", "handle", [sa.text(f"lower(name){order}")])
    op.create_index("ix_handle_external_id_folded", "handle", [sa.text(f"lower(external_id){order}")])


def downgrade() -> None:
    op.drop_index("ix_handle_external_id_folded", "handle")
    op.drop_index("ix_handle_name_folded", "handle")
    op.drop_table("snippet")
    op.drop_table("post_presence")
    op.drop_table("post_version")
    op.drop_table("post_label")
    op.drop_table("label")
