"""Words staff put on members, and lists of members brought in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_19_tags"
down_revision = "2026_11_22_18_profiles"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _tags()
    _imports()
    with op.batch_alter_table("segment_round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waits_for", JSON, server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("segment_round", schema=None) as batch_op:
        batch_op.drop_column("waits_for")
    op.drop_table("member_awaited_mail")
    op.drop_index(op.f("ix_member_import_row_due_at"), "member_import_row")
    op.drop_table("member_import_row")
    op.drop_index(op.f("ix_member_import_sha256"), "member_import")
    op.drop_table("member_import")
    op.drop_index(op.f("ix_member_tag_run_tag_id"), "member_tag_run")
    op.drop_table("member_tag_run")
    op.drop_index(op.f("ix_member_tagging_tag_id"), "member_tagging")
    op.drop_table("member_tagging")
    op.drop_table("member_tag")


def _tags() -> None:
    op.create_table(
        "member_tag",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("folded", sa.String(length=80), nullable=True),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("gone_at", MOMENT, nullable=True),
        sa.Column("merged_into_id", BIG, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_member_tag_made_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["member_tag.id"], name=op.f("fk_member_tag_merged_into_id_member_tag")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_tag")),
        sa.UniqueConstraint("folded", name=op.f("uq_member_tag_folded")),
        sa.UniqueConstraint("public_id", name=op.f("uq_member_tag_public_id")),
    )
    op.create_table(
        "member_tagging",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("tag_id", BIG, nullable=False),
        sa.Column("put_at", MOMENT, nullable=False),
        sa.Column("put_by_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_tagging_member_id_member")),
        sa.ForeignKeyConstraint(["tag_id"], ["member_tag.id"], name=op.f("fk_member_tagging_tag_id_member_tag")),
        sa.ForeignKeyConstraint(
            ["put_by_id"], ["user_account.id"], name=op.f("fk_member_tagging_put_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("member_id", "tag_id", name=op.f("pk_member_tagging")),
    )
    op.create_index(op.f("ix_member_tagging_tag_id"), "member_tagging", ["tag_id"])
    op.create_table(
        "member_tag_run",
        sa.Column("act", _words("act", "put_on", "take_off", "merge", "remove"), nullable=False),
        sa.Column("tag_id", BIG, nullable=False),
        sa.Column("into_id", BIG, nullable=True),
        sa.Column("chosen", JSON, nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("up_to", BIG, nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["member_tag.id"], name=op.f("fk_member_tag_run_tag_id_member_tag")),
        sa.ForeignKeyConstraint(["into_id"], ["member_tag.id"], name=op.f("fk_member_tag_run_into_id_member_tag")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_member_tag_run_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_tag_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_member_tag_run_public_id")),
    )
    op.create_index(op.f("ix_member_tag_run_tag_id"), "member_tag_run", ["tag_id"])


def _imports() -> None:
    op.create_table(
        "member_import",
        sa.Column("basis", sa.String(length=200), nullable=False),
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
            ["made_by_id"], ["user_account.id"], name=op.f("fk_member_import_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_member_import_public_id")),
    )
    op.create_index(op.f("ix_member_import_sha256"), "member_import", ["sha256"])
    op.create_table(
        "member_import_row",
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("notes", JSON, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", JSON, nullable=False),
        sa.Column("verdict", _words("verdict", "new", "changed", "same", "broken"), nullable=False),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("outcome", _words("outcome", "written", "unchanged", "refused"), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["member_import.id"], name=op.f("fk_member_import_row_import_id_member_import")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_import_row_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_import_row")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_member_import_row_import_id_number")),
    )
    op.create_index(op.f("ix_member_import_row_due_at"), "member_import_row", ["due_at"])
    op.create_table(
        "member_awaited_mail",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_awaited_mail_member_id_member")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["member_import.id"], name=op.f("fk_member_awaited_mail_import_id_member_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_awaited_mail")),
        sa.UniqueConstraint("mail", name=op.f("uq_member_awaited_mail_mail")),
        sa.UniqueConstraint("member_id", name=op.f("uq_member_awaited_mail_member_id")),
    )


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)
