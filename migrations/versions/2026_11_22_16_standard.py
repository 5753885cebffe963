"""The content standard, what is submitted under it, and featured slots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_16_standard"
down_revision = "2026_11_22_15_interest_circles"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "standard_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", BIG, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user_account.id"], name=op.f("fk_standard_version_published_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_version")),
        sa.UniqueConstraint("number", name=op.f("uq_standard_version_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_standard_version_public_id")),
    )
    op.create_table(
        "standard_clause",
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("text", JSON, nullable=False),
        sa.Column("grounds", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["standard_version.id"], name=op.f("fk_standard_clause_version_id_standard_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_clause")),
        sa.UniqueConstraint("public_id", name=op.f("uq_standard_clause_public_id")),
        sa.UniqueConstraint("version_id", "number", name=op.f("uq_standard_clause_version_id_number")),
    )
    op.create_table(
        "submission",
        sa.Column(
            "kind",
            sa.Enum("post", "pictures", "order_review", "foreign", name="kind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("aspects", JSON, nullable=False),
        sa.Column("order_ref", sa.String(length=64), nullable=True),
        sa.Column("order_title", sa.String(length=120), nullable=False),
        sa.Column("order_about", sa.String(length=64), nullable=True),
        sa.Column("subject_type", sa.String(length=32), nullable=True),
        sa.Column("subject_id", BIG, nullable=True),
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "published", "refused", "removed", "withdrawn", name="state", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "wait",
            sa.Enum(
                "flagged",
                "report",
                "appeal",
                "second",
                "first",
                "spot_check",
                name="wait",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_submission_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("key", name=op.f("uq_submission_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_submission_public_id")),
    )
    op.create_index(
        "ix_submission_due_at",
        "submission",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_submission_fingerprint_submitted_at", "submission", ["fingerprint", "submitted_at"], unique=False
    )
    op.create_index("ix_submission_member_id_submitted_at", "submission", ["member_id", "submitted_at"], unique=False)
    op.create_index(op.f("ix_submission_order_about"), "submission", ["order_about"], unique=False)
    op.create_index("ix_submission_state_published_at", "submission", ["state", "published_at"], unique=False)
    op.create_index(
        "uq_submission_order_ref",
        "submission",
        ["order_ref"],
        unique=True,
        postgresql_where=sa.text("order_ref IS NOT NULL"),
        sqlite_where=sa.text("order_ref IS NOT NULL"),
    )
    op.create_index(
        "uq_submission_subject",
        "submission",
        ["subject_id", "subject_type"],
        unique=True,
        postgresql_where=sa.text("subject_id IS NOT NULL"),
        sqlite_where=sa.text("subject_id IS NOT NULL"),
    )
    op.create_table(
        "submission_picture",
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("picture_id", BIG, nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_submission_picture_picture_id_picture")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submission_picture_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_picture")),
        sa.UniqueConstraint("submission_id", "position", name=op.f("uq_submission_picture_submission_id_position")),
    )
    op.create_table(
        "review_decision",
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "publish",
                "refuse",
                "propose",
                "keep",
                "remove",
                "uphold",
                "decline",
                name="verdict",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("clause_id", BIG, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_review_decision_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["clause_id"], ["standard_clause.id"], name=op.f("fk_review_decision_clause_id_standard_clause")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_review_decision_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_decision_public_id")),
    )
    op.create_index("ix_review_decision_by_id_at", "review_decision", ["by_id", "at"], unique=False)
    op.create_index("ix_review_decision_clause_id", "review_decision", ["clause_id"], unique=False)
    op.create_index("ix_review_decision_submission_id", "review_decision", ["submission_id", "id"], unique=False)
    op.create_index(
        "ix_review_decision_untold",
        "review_decision",
        ["at"],
        unique=False,
        postgresql_where=sa.text("told_at IS NULL AND undone_at IS NULL"),
        sqlite_where=sa.text("told_at IS NULL AND undone_at IS NULL"),
    )
    op.create_table(
        "review_appeal",
        sa.Column("decision_id", BIG, nullable=False),
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_id", BIG, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["review_decision.id"], name=op.f("fk_review_appeal_answer_id_review_decision")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["review_decision.id"], name=op.f("fk_review_appeal_decision_id_review_decision")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_review_appeal_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_appeal")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_review_appeal_decision_id")),
    )
    op.create_index(op.f("ix_review_appeal_answer_id"), "review_appeal", ["answer_id"], unique=False)
    op.create_index(op.f("ix_review_appeal_submission_id"), "review_appeal", ["submission_id"], unique=False)
    op.create_table(
        "submission_report",
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("clause_id", BIG, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["clause_id"], ["standard_clause.id"], name=op.f("fk_submission_report_clause_id_standard_clause")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_submission_report_member_id_member")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_submission_report_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_report")),
        sa.UniqueConstraint("submission_id", "member_id", name=op.f("uq_submission_report_submission_id_member_id")),
    )
    op.create_index(op.f("ix_submission_report_clause_id"), "submission_report", ["clause_id"], unique=False)
    op.create_index(op.f("ix_submission_report_member_id"), "submission_report", ["member_id"], unique=False)
    op.create_table(
        "check_terms",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", BIG, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_check_terms_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_terms")),
        sa.UniqueConstraint("number", name=op.f("uq_check_terms_number")),
    )
    op.create_table(
        "feature",
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_feature_by_id_user_account")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_feature_submission_id_submission")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feature")),
        sa.UniqueConstraint("public_id", name=op.f("uq_feature_public_id")),
    )
    op.create_index("ix_feature_place_starts_at", "feature", ["place", "starts_at"], unique=False)
    op.create_index("ix_feature_submission_id", "feature", ["submission_id"], unique=False)


def downgrade() -> None:
    op.drop_table("feature")
    op.drop_table("check_terms")
    op.drop_table("submission_report")
    op.drop_table("review_appeal")
    op.drop_table("review_decision")
    op.drop_table("submission_picture")
    op.drop_table("submission")
    op.drop_table("standard_clause")
    op.drop_table("standard_version")
