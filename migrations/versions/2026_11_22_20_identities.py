"""Ways to sign in beside the password, and handles joined by proof."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_20_identities"
down_revision = "2026_11_22_19_tags"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _identity()
    _identity_request()
    _handle_proof()
    _handle_code()
    op.create_table(
        "instance_app",
        sa.Column("base", sa.String(length=300), nullable=False),
        sa.Column("redirect_uri", sa.String(length=300), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_app")),
        sa.UniqueConstraint("base", name=op.f("uq_instance_app_base")),
    )


def downgrade() -> None:
    for name in ("instance_app", "handle_code", "handle_proof", "identity_request", "identity"):
        op.drop_table(name)


def _identity() -> None:
    op.create_table(
        "identity",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_identity_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identity_issuer_subject")),
        sa.UniqueConstraint("public_id", name=op.f("uq_identity_public_id")),
    )
    op.create_index(op.f("ix_identity_user_id"), "identity", ["user_id"])


def _identity_request() -> None:
    op.create_table(
        "identity_request",
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("next", sa.String(length=300), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_identity_request_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_request")),
        sa.UniqueConstraint("state", name=op.f("uq_identity_request_state")),
    )
    for column in ("browser", "expires_at", "user_id"):
        op.create_index(op.f(f"ix_identity_request_{column}"), "identity_request", [column])


def _handle_proof() -> None:
    op.create_table(
        "handle_proof",
        sa.Column("handle_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("proof", sa.String(length=32), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["handle_id"], ["handle.id"], name=op.f("fk_handle_proof_handle_id_handle")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_handle_proof_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handle_proof")),
        sa.UniqueConstraint("handle_id", "member_id", "proof", name=op.f("uq_handle_proof_handle_id_member_id_proof")),
    )
    op.create_index(op.f("ix_handle_proof_member_id"), "handle_proof", ["member_id"])


def _handle_code() -> None:
    op.create_table(
        "handle_code",
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handle_id", BIG, nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["handle_id"], ["handle.id"], name=op.f("fk_handle_code_handle_id_handle")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_handle_code_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handle_code")),
        sa.UniqueConstraint("code", name=op.f("uq_handle_code_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_handle_code_public_id")),
    )
    filled = sa.text("handle_id IS NOT NULL")
    op.create_index(
        "ix_handle_code_handle_id", "handle_code", ["handle_id"], postgresql_where=filled, sqlite_where=filled
    )
    op.create_index(op.f("ix_handle_code_member_id"), "handle_code", ["member_id"])
