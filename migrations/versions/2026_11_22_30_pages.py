"""Campaign pages out of blocks with their versions; A/B tests."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

revision = "2026_11_22_30_pages"
down_revision = "2026_11_22_29_planning"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "experiment_visitor",
    "experiment_variant",
    "experiment",
    "page_media",
    "page_share",
    "page_publication",
    "page_version",
    "page_edit",
    "campaign_page",
)


def upgrade() -> None:
    _make_pages()
    _make_versions()
    _make_shares()
    _make_experiments()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _make_pages() -> None:
    op.create_table(
        "campaign_page",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("draft", JSON, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", BIG, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        *_own("campaign_page"),
        _key("campaign_page", "campaign_id", "campaign"),
        _key("campaign_page", "changed_by_id", "user_account"),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_campaign_page_campaign_id")),
    )
    op.create_table(
        "page_edit",
        sa.Column("page_id", BIG, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("blocks", JSON, nullable=False),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_own("page_edit", public=False),
        _key("page_edit", "page_id", "campaign_page"),
        _key("page_edit", "by_id", "user_account"),
        sa.UniqueConstraint("page_id", "revision", name=op.f("uq_page_edit_page_id_revision")),
    )
    op.create_table(
        "page_media",
        sa.Column("page_id", BIG, nullable=False),
        sa.Column("picture_id", BIG, nullable=True),
        sa.Column("video_id", BIG, nullable=True),
        *_own("page_media", public=False),
        _key("page_media", "page_id", "campaign_page"),
        _key("page_media", "picture_id", "picture"),
        _key("page_media", "video_id", "video"),
        sa.UniqueConstraint("page_id", "picture_id", name=op.f("uq_page_media_page_id_picture_id")),
        sa.UniqueConstraint("page_id", "video_id", name=op.f("uq_page_media_page_id_video_id")),
        sa.CheckConstraint("(picture_id IS NULL) <> (video_id IS NULL)", name=op.f("ck_page_media_one_of_the_two")),
    )
    op.create_index(op.f("ix_page_media_picture_id"), "page_media", ["picture_id"])
    op.create_index(op.f("ix_page_media_video_id"), "page_media", ["video_id"])


def _make_versions() -> None:
    op.create_table(
        "page_version",
        sa.Column("page_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("blocks", JSON, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        *_own("page_version"),
        _key("page_version", "page_id", "campaign_page"),
        _key("page_version", "made_by_id", "user_account"),
        sa.UniqueConstraint("page_id", "number", name=op.f("uq_page_version_page_id_number")),
    )
    op.create_table(
        "page_publication",
        sa.Column("page_id", BIG, nullable=False),
        sa.Column("version_id", BIG, nullable=False),
        sa.Column("wall_clock", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("live_due_at", MOMENT, nullable=True),
        sa.Column("by_id", BIG, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        *_own("page_publication"),
        _key("page_publication", "page_id", "campaign_page"),
        _key("page_publication", "version_id", "page_version"),
        _key("page_publication", "by_id", "user_account"),
    )
    op.create_index("ix_page_publication_page_id_published_at", "page_publication", ["page_id", "published_at"])
    _filled("ix_page_publication_live_due_at", "page_publication", ["live_due_at"])


def _make_shares() -> None:
    op.create_table(
        "page_share",
        sa.Column("page_id", BIG, nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", BIG, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        *_own("page_share"),
        _key("page_share", "page_id", "campaign_page"),
        _key("page_share", "made_by_id", "user_account"),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_page_share_secret_sha256")),
    )
    op.create_index(op.f("ix_page_share_page_id"), "page_share", ["page_id"])


def _make_experiments() -> None:
    op.create_table(
        "experiment",
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("post_id", BIG, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("goal", sa.String(length=32), nullable=False),
        sa.Column("base_rate", sa.Double(), nullable=False),
        sa.Column("effect", sa.Double(), nullable=False),
        sa.Column("live_subject", sa.String(length=32), nullable=True),
        sa.Column("started_by_id", BIG, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        *_own("experiment"),
        _key("experiment", "campaign_id", "campaign"),
        _key("experiment", "post_id", "channel_post"),
        _key("experiment", "started_by_id", "user_account"),
    )
    op.create_index(op.f("ix_experiment_campaign_id"), "experiment", ["campaign_id"])
    _filled("uq_experiment_live_subject", "experiment", ["live_subject"], unique=True)
    op.create_table(
        "experiment_variant",
        sa.Column("experiment_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("version_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link_id", BIG, nullable=True),
        sa.Column("chosen_at", MOMENT, nullable=True),
        *_own("experiment_variant"),
        _key("experiment_variant", "experiment_id", "experiment"),
        _key("experiment_variant", "version_id", "page_version"),
        _key("experiment_variant", "link_id", "link"),
        sa.UniqueConstraint("experiment_id", "position", name=op.f("uq_experiment_variant_experiment_id_position")),
    )
    op.create_table(
        "experiment_visitor",
        sa.Column("experiment_id", BIG, nullable=False),
        sa.Column("variant_id", BIG, nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("member_id", BIG, nullable=True),
        sa.Column("hit_mark", sa.String(length=32), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("counts_until", MOMENT, nullable=False),
        *_own("experiment_visitor", public=False),
        _key("experiment_visitor", "experiment_id", "experiment"),
        _key("experiment_visitor", "variant_id", "experiment_variant"),
        _key("experiment_visitor", "member_id", "member"),
        sa.UniqueConstraint("experiment_id", "mark", name=op.f("uq_experiment_visitor_experiment_id_mark")),
    )
    op.create_index("ix_experiment_visitor_variant_id", "experiment_visitor", ["variant_id", "id"])
    _filled("uq_experiment_visitor_member_id", "experiment_visitor", ["member_id", "experiment_id"], unique=True)


def _own(table: str, *, public: bool = True) -> list[SchemaItem]:
    """Key and public id, as every table has them."""
    columns: list[SchemaItem] = [
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]
    if public:
        columns.insert(0, sa.Column("public_id", sa.String(length=12), nullable=False))
        columns.append(sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")))
    return columns


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _filled(name: str, table: str, columns: list[str], *, unique: bool = False) -> None:
    """An index of the rows in which the first column is filled."""
    where = sa.text(f"{columns[0]} IS NOT NULL")
    op.create_index(name, table, columns, unique=unique, postgresql_where=where, sqlite_where=where)
