"""Missions of many kinds, entries, answers, codes on site, proofs of shares, rules, exclusions, accounts of one person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_36_participation"
down_revision = "2026_11_22_35_control"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
STANDS = sa.text("lifted_at IS NULL")
MARKED = sa.text("mark IS NOT NULL")

TABLES = (
    "person_account", "person_group", "campaign_eligibility", "campaign_exclusion", "share_proof", "scan", "scan_code",
    "scan_place", "mission_answer", "mission_entry",
)  # fmt: skip


def upgrade() -> None:
    _extend_missions()
    _make_entries()
    _make_answers()
    _make_places()
    _make_proofs()
    _make_exclusions()
    _make_rules()
    _make_groups()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    _forget_newer_kinds()
    with op.batch_alter_table("mission") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_mission_opens_before_it_closes"), type_="check")
        for name in ("title_en", "settings", "opens_at", "closes_at", "added_at", "closed_at"):
            batch_op.drop_column(name)


def _forget_newer_kinds() -> None:
    """Missions of kinds that were not known before, with what counted towards them."""
    mission = sa.table("mission", sa.column("id"), sa.column("kind"))
    newer = mission.c.kind.not_in(["comment", "share", "check_in", "join_group_buy"])
    for name in ("fulfilment", "mission_fact"):
        counted = sa.table(name, sa.column("mission_id"))
        op.execute(sa.delete(counted).where(counted.c.mission_id.in_(sa.select(mission.c.id).where(newer))))
    op.execute(sa.delete(mission).where(newer))


def _extend_missions() -> None:
    with op.batch_alter_table("mission") as batch_op:
        batch_op.add_column(sa.Column("title_en", sa.String(length=120), server_default="", nullable=False))
        batch_op.add_column(sa.Column("settings", JSON, nullable=True))
        batch_op.add_column(sa.Column("opens_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("closes_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("added_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("closed_at", MOMENT, nullable=True))
    op.execute("UPDATE mission SET settings = '{}'")
    op.execute(
        "UPDATE mission SET added_at = (SELECT created_at FROM campaign WHERE campaign.id = mission.campaign_id)"
    )
    with op.batch_alter_table("mission") as batch_op:
        batch_op.alter_column("settings", existing_type=JSON, nullable=False)
        batch_op.alter_column("added_at", existing_type=MOMENT, nullable=False)
        batch_op.create_check_constraint(
            batch_op.f("ck_mission_opens_before_it_closes"),
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
        )


def _make_entries() -> None:
    op.create_table(
        "mission_entry",
        sa.Column("mission_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("handed_in_at", MOMENT, nullable=False),
        sa.Column("featured_at", MOMENT, nullable=True),
        sa.Column("featured_by_id", BIG, nullable=True),
        *_keys("mission_entry"),
        _names("mission_entry", "mission_id", "mission"),
        _names("mission_entry", "member_id", "member"),
        _names("mission_entry", "featured_by_id", "user_account"),
    )
    op.create_index("ix_mission_entry_mission_id_id", "mission_entry", ["mission_id", "id"])
    op.create_index(op.f("ix_mission_entry_member_id"), "mission_entry", ["member_id"])


def _make_answers() -> None:
    op.create_table(
        "mission_answer",
        sa.Column("mission_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("choice", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=False),
        *_keys("mission_answer"),
        _names("mission_answer", "mission_id", "mission"),
        _names("mission_answer", "member_id", "member"),
        sa.UniqueConstraint("mission_id", "member_id", name=op.f("uq_mission_answer_mission_id_member_id")),
    )
    op.create_index(op.f("ix_mission_answer_member_id"), "mission_answer", ["member_id"])


def _make_places() -> None:
    op.create_table(
        "scan_place",
        sa.Column("mission_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("sort", sa.String(length=32), nullable=False),
        sa.Column("secret", sa.String(length=32), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=True),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        *_keys("scan_place"),
        _names("scan_place", "mission_id", "mission"),
        _names("scan_place", "made_by_id", "user_account"),
    )
    op.create_index("ix_scan_place_mission_id", "scan_place", ["mission_id"])
    op.create_table(
        "scan_code",
        sa.Column("place_id", BIG, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _id("scan_code"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_code")),
        _names("scan_code", "place_id", "scan_place"),
        sa.UniqueConstraint("code", name=op.f("uq_scan_code_code")),
    )
    op.create_index(op.f("ix_scan_code_place_id"), "scan_code", ["place_id"])
    op.create_table(
        "scan",
        sa.Column("place_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("scanned_at", MOMENT, nullable=False),
        _id("scan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
        _names("scan", "place_id", "scan_place"),
        _names("scan", "member_id", "member"),
        sa.UniqueConstraint("place_id", "member_id", name=op.f("uq_scan_place_id_member_id")),
    )
    op.create_index(op.f("ix_scan_member_id"), "scan", ["member_id"])


def _make_proofs() -> None:
    op.create_table(
        "share_proof",
        sa.Column("mission_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("mark", sa.String(length=500), nullable=True),
        sa.Column("post_id", sa.String(length=128), nullable=True),
        sa.Column("picture_id", BIG, nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("handed_in_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG, nullable=True),
        *_keys("share_proof"),
        _names("share_proof", "mission_id", "mission"),
        _names("share_proof", "member_id", "member"),
        _names("share_proof", "picture_id", "picture"),
        _names("share_proof", "decided_by_id", "user_account"),
        sa.CheckConstraint("outcome <> 'refused' OR reason <> ''", name=op.f("ck_share_proof_says_why")),
    )
    op.create_index("ix_share_proof_mission_id_outcome", "share_proof", ["mission_id", "outcome", "id"])
    op.create_index(op.f("ix_share_proof_member_id"), "share_proof", ["member_id"])
    op.create_index(op.f("ix_share_proof_post_id"), "share_proof", ["post_id"])
    op.create_index(
        "uq_share_proof_mark",
        "share_proof",
        ["mark", "mission_id"],
        unique=True,
        postgresql_where=MARKED,
        sqlite_where=MARKED,
    )


def _make_exclusions() -> None:
    op.create_table(
        "campaign_exclusion",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_by_id", BIG, nullable=True),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("appealed_at", MOMENT, nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", BIG, nullable=True),
        *_keys("campaign_exclusion"),
        _names("campaign_exclusion", "campaign_id", "campaign"),
        _names("campaign_exclusion", "member_id", "member"),
        *(_names("campaign_exclusion", name, "user_account") for name in ("by_id", "lifted_by_id", "answered_by_id")),
        sa.CheckConstraint("sentence <> ''", name=op.f("ck_campaign_exclusion_says_why")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (upheld IS NULL)", name=op.f("ck_campaign_exclusion_answered_one_way")
        ),
    )
    op.create_index(op.f("ix_campaign_exclusion_member_id"), "campaign_exclusion", ["member_id"])
    op.create_index(
        "uq_campaign_exclusion_standing",
        "campaign_exclusion",
        ["campaign_id", "member_id"],
        unique=True,
        postgresql_where=STANDS,
        sqlite_where=STANDS,
    )


def _make_rules() -> None:
    op.create_table(
        "campaign_eligibility",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("rules", JSON, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("written_by_id", BIG, nullable=False),
        _id("campaign_eligibility"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_eligibility")),
        _names("campaign_eligibility", "campaign_id", "campaign"),
        _names("campaign_eligibility", "written_by_id", "user_account"),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_campaign_eligibility_campaign_id")),
    )


def _make_groups() -> None:
    op.create_table(
        "person_group",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.Column("counts_id", BIG, nullable=True),
        *_keys("person_group"),
        _names("person_group", "campaign_id", "campaign"),
        _names("person_group", "decided_by_id", "user_account"),
        _names("person_group", "counts_id", "member"),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_person_group_decided_at_a_moment")
        ),
        sa.CheckConstraint("decision <> 'same' OR counts_id IS NOT NULL", name=op.f("ck_person_group_one_counts")),
    )
    op.create_index("ix_person_group_campaign_id_decision", "person_group", ["campaign_id", "decision", "id"])
    op.create_table(
        "person_account",
        sa.Column("group_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        _id("person_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_account")),
        _names("person_account", "group_id", "person_group"),
        _names("person_account", "member_id", "member"),
        sa.UniqueConstraint("group_id", "member_id", name=op.f("uq_person_account_group_id_member_id")),
    )
    op.create_index(op.f("ix_person_account_member_id"), "person_account", ["member_id"])


def _id(_table: str) -> sa.Column[int]:
    return sa.Column("id", BIG, autoincrement=True, nullable=False)


def _keys(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Public id and key of a table."""
    return (
        sa.Column("public_id", sa.String(length=12), nullable=False),
        _id(table),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )


def _names(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
