"""What fans tell about themselves, each with consent and source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_18_profiles"
down_revision = "2026_11_22_17_ranking"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
PURPOSES = ("profile", "recommendations", "statistics", "mail", "push")
WAYS = ("profile_page", "notices_page", "link_in_a_mail", "guardian", "too_young")
FIELDS = ("region", "age_band", "education", "interest")


def upgrade() -> None:
    _make_answers()
    _make_consents()
    _make_guardianships()
    with op.batch_alter_table("brand") as batch:
        batch.add_column(sa.Column("guardian_age", sa.Integer(), server_default="14", nullable=False))
    # Who has asked for mails so far has consented to them: from when is known.
    op.execute(
        "INSERT INTO consent (member_id, purpose, wording, given_at, given_way)"
        " SELECT member_id, 'mail', 1, mail_since, 'notices_page' FROM notice_wish WHERE mail_since IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("brand") as batch:
        batch.drop_column("guardian_age")
    op.drop_table("guardianship")
    op.drop_table("consent")
    op.drop_table("profile_answer")


def _make_answers() -> None:
    op.create_table(
        "profile_answer",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("field", _words("field", *FIELDS), nullable=False),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("source", _words("source", "fan", "staff", "import", "sign_in"), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("purpose", _words("purpose", *PURPOSES), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by_id", BIG, nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_profile_answer_member_id_member")),
        sa.ForeignKeyConstraint(
            ["told_by_id"], ["user_account.id"], name=op.f("fk_profile_answer_told_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_answer")),
        sa.UniqueConstraint("member_id", "field", "value", name=op.f("uq_profile_answer_member_id_field_value")),
    )
    op.create_index("ix_profile_answer_field_value", "profile_answer", ["field", "value", "member_id"])
    _make_unique_where("uq_profile_answer_single", "profile_answer", ["member_id", "field"], "field <> 'interest'")


def _make_consents() -> None:
    op.create_table(
        "consent",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("purpose", _words("purpose", *PURPOSES), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_way", _words("given_way", *WAYS), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_way", _words("withdrawn_way", *WAYS), nullable=True),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_consent_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_member_id", "consent", ["member_id"])
    _make_unique_where("uq_consent_open", "consent", ["member_id", "purpose"], "withdrawn_at IS NULL")


def _make_guardianships() -> None:
    op.create_table(
        "guardianship",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("band", sa.String(length=32), nullable=False),
        sa.Column("required_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted", JSON, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", _words("decision", "agreed", "refused", "withdrawn"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", BIG, nullable=True),
        sa.Column("lifted_basis", sa.String(length=300), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_guardianship_member_id_member")),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["user_account.id"], name=op.f("fk_guardianship_lifted_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
        sa.UniqueConstraint("public_id", name=op.f("uq_guardianship_public_id")),
    )
    op.create_index("ix_guardianship_asked_at", "guardianship", ["asked_at"])
    _make_unique_where("uq_guardianship_open", "guardianship", ["member_id"], "lifted_at IS NULL")


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _make_unique_where(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, unique=True, postgresql_where=only, sqlite_where=only)
