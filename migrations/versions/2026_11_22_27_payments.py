"""Payments: what was asked, what came in, what went back; signed calls, tables of orders, the sandbox, the nightly proof."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_27_payments"
down_revision = "2026_11_22_26_links"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WAITING = sa.text("state = 'waiting'")
HAS_DUE = sa.text("due_at IS NOT NULL")
TABLES = (
    "payment_proof",
    "sandbox_refund",
    "sandbox_charge",
    "payment_import_row",
    "payment_import",
    "payment_spent_signature",
    "payment_call",
    "payment_key",
    "payment_terms",
    "payment_mismatch",
    "payment_refund",
    "payment_receipt",
    "payment",
)


def upgrade() -> None:
    _payments()
    _receipts()
    _refunds()
    _mismatches()
    _terms()
    _calls()
    _imports()
    _sandbox()
    _proofs()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _payments() -> None:
    op.create_table(
        "payment",
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("purpose_id", sa.String(length=40), nullable=False),
        sa.Column("offer", sa.String(length=60), nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        *_amount(),
        sa.Column("provider", sa.String(length=32), nullable=False),
        _word("state"),
        _moment("asked_at"),
        _moment("expires_at"),
        *(_moment(name, nullable=True) for name in ("paid_at", "ended_at", "due_at")),
        *_public("payment"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_something_is_asked")),
        _key("payment", "member_id", "member"),
    )
    op.create_index("ix_payment_purpose_purpose_id", "payment", ["purpose", "purpose_id"])
    op.create_index(
        "uq_payment_waiting",
        "payment",
        ["purpose", "purpose_id"],
        unique=True,
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )
    op.create_index("ix_payment_member_id_asked_at", "payment", ["member_id", "asked_at"])
    op.create_index("ix_payment_state_asked_at", "payment", ["state", "asked_at"])
    op.create_index("ix_payment_due_at", "payment", ["due_at"], postgresql_where=HAS_DUE, sqlite_where=HAS_DUE)


def _receipts() -> None:
    op.create_table(
        "payment_receipt",
        sa.Column("payment_id", BIG, nullable=False),
        *_named_by_provider(),
        _word("kind"),
        *_amount(),
        sa.Column("refunded_minor", sa.Integer(), nullable=False),
        _moment("paid_at"),
        _moment("recorded_at"),
        sa.Column("proof", JSON, nullable=False),
        sa.Column("proof_picture_id", BIG, nullable=True),
        sa.Column("taken_by_id", BIG, nullable=True),
        *_public("payment_receipt"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_receipt_something_came_in")),
        sa.CheckConstraint(
            "refunded_minor >= 0 AND refunded_minor <= amount_minor",
            name=op.f("ck_payment_receipt_never_more_back_than_came_in"),
        ),
        _key("payment_receipt", "payment_id", "payment"),
        _key("payment_receipt", "proof_picture_id", "picture"),
        _key("payment_receipt", "taken_by_id", "user_account"),
        sa.UniqueConstraint("provider", "external_id", name=op.f("uq_payment_receipt_provider_external_id")),
    )
    op.create_index(op.f("ix_payment_receipt_payment_id"), "payment_receipt", ["payment_id"])


def _refunds() -> None:
    op.create_table(
        "payment_refund",
        sa.Column("payment_id", BIG, nullable=False),
        sa.Column("receipt_id", BIG, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        *_amount(),
        sa.Column("reason", sa.String(length=200), nullable=False),
        _word("state"),
        _moment("asked_at"),
        sa.Column("asked_by_id", BIG, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        *(_moment(name, nullable=True) for name in ("sent_at", "by_hand_at", "done_at")),
        sa.Column("done_by_id", BIG, nullable=True),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("trouble", sa.String(length=300), nullable=False),
        *_public("payment_refund"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_refund_something_goes_back")),
        _key("payment_refund", "payment_id", "payment"),
        _key("payment_refund", "receipt_id", "payment_receipt"),
        _key("payment_refund", "asked_by_id", "user_account"),
        _key("payment_refund", "done_by_id", "user_account"),
        sa.UniqueConstraint("key", name=op.f("uq_payment_refund_key")),
    )
    op.create_index("ix_payment_refund_state_asked_at", "payment_refund", ["state", "asked_at"])
    op.create_index(op.f("ix_payment_refund_payment_id"), "payment_refund", ["payment_id"])
    op.create_index(op.f("ix_payment_refund_receipt_id"), "payment_refund", ["receipt_id"])


def _mismatches() -> None:
    op.create_table(
        "payment_mismatch",
        *_named_by_provider(),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("payment_id", BIG, nullable=True),
        _word("reason"),
        *_amount(),
        _moment("paid_at"),
        _moment("recorded_at"),
        sa.Column("proof", JSON, nullable=False),
        _moment("settled_at", nullable=True),
        sa.Column("settled_by_id", BIG, nullable=True),
        _word("settled_as", nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        *_public("payment_mismatch"),
        _key("payment_mismatch", "payment_id", "payment"),
        _key("payment_mismatch", "settled_by_id", "user_account"),
        sa.UniqueConstraint("provider", "external_id", name=op.f("uq_payment_mismatch_provider_external_id")),
    )
    op.create_index(op.f("ix_payment_mismatch_payment_id"), "payment_mismatch", ["payment_id"])
    op.create_index(op.f("ix_payment_mismatch_settled_at"), "payment_mismatch", ["settled_at"])


def _terms() -> None:
    op.create_table(
        "payment_terms",
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("offer", sa.String(length=60), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("shop_url", sa.String(length=500), nullable=False),
        _moment("changed_at"),
        sa.Column("changed_by_id", BIG, nullable=True),
        *_id("payment_terms"),
        _key("payment_terms", "changed_by_id", "user_account"),
        sa.UniqueConstraint("provider", "offer", name=op.f("uq_payment_terms_provider_offer")),
    )


def _calls() -> None:
    op.create_table(
        "payment_key",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        _moment("made_at"),
        *(_moment(name, nullable=True) for name in ("used_at", "ended_at")),
        *_public("payment_key"),
        _key("payment_key", "made_by_id", "user_account"),
    )
    op.create_table(
        "payment_call",
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("answer", JSON, nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        _moment("taken_at"),
        *_id("payment_call"),
        _key("payment_call", "key_id", "payment_key"),
        sa.UniqueConstraint("key_id", "idempotency_key", name=op.f("uq_payment_call_key_id_idempotency_key")),
    )
    op.create_table(
        "payment_spent_signature",
        sa.Column("signature", sa.String(length=64), nullable=False),
        _moment("spent_at"),
        *_id("payment_spent_signature"),
        sa.UniqueConstraint("signature", name=op.f("uq_payment_spent_signature_signature")),
    )
    op.create_index(op.f("ix_payment_spent_signature_spent_at"), "payment_spent_signature", ["spent_at"])


def _imports() -> None:
    op.create_table(
        "payment_import",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("formulas_are_words", sa.Boolean(), nullable=False),
        sa.Column("ignored", JSON, nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        _moment("made_at"),
        _moment("confirmed_at", nullable=True),
        *_public("payment_import"),
        _key("payment_import", "made_by_id", "user_account"),
    )
    op.create_index(op.f("ix_payment_import_sha256"), "payment_import", ["sha256"])
    op.create_table(
        "payment_import_row",
        sa.Column("import_id", BIG, nullable=False),
        sa.Column("payment_id", BIG, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", JSON, nullable=False),
        _word("verdict"),
        sa.Column("problems", JSON, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        _word("outcome", nullable=True),
        _moment("due_at", nullable=True),
        *_id("payment_import_row"),
        _key("payment_import_row", "import_id", "payment_import"),
        _key("payment_import_row", "payment_id", "payment"),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_payment_import_row_import_id_number")),
    )
    op.create_index(op.f("ix_payment_import_row_due_at"), "payment_import_row", ["due_at"])


def _sandbox() -> None:
    op.create_table(
        "sandbox_charge",
        sa.Column("reference", sa.String(length=40), nullable=False),
        *_amount(),
        _word("manner"),
        _moment("charged_at"),
        _moment("told_at", nullable=True),
        *_public("sandbox_charge"),
    )
    op.create_index(op.f("ix_sandbox_charge_reference"), "sandbox_charge", ["reference"])
    op.create_table(
        "sandbox_refund",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("charge_id", BIG, nullable=False),
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        _moment("made_at"),
        *_public("sandbox_refund"),
        _key("sandbox_refund", "charge_id", "sandbox_charge"),
        sa.UniqueConstraint("key", name=op.f("uq_sandbox_refund_key")),
    )
    op.create_index(op.f("ix_sandbox_refund_charge_id"), "sandbox_refund", ["charge_id"])


def _proofs() -> None:
    op.create_table(
        "payment_proof",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("payments", "receipts", "refunds")),
        *(sa.Column(name, JSON, nullable=False) for name in ("totals", "differences")),
        _moment("checked_at"),
        *_id("payment_proof"),
    )


def _amount() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("amount_minor", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
    )


def _named_by_provider() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False),
    )


def _word(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _id(table: str) -> tuple[sa.Column[object] | sa.PrimaryKeyConstraint, ...]:
    return (
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _public(table: str) -> tuple[sa.Column[object] | sa.PrimaryKeyConstraint | sa.UniqueConstraint, ...]:
    return (
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
        *_id(table),
    )
