"""Posts for several channels: variants, parts, what is known of an account, videos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_01_many_channels"
down_revision = "2026_11_22_00_partial_indexes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "video",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("poster_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("uploaded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["poster_id"], ["picture.id"], name=op.f("fk_video_poster_id_picture")),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["user_account.id"], name=op.f("fk_video_uploaded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video")),
        sa.UniqueConstraint("public_id", name=op.f("uq_video_public_id")),
    )
    with op.batch_alter_table("video", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_video_sha256"), ["sha256"], unique=False)

    op.create_table(
        "post_variant",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("more", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("first_comment", sa.Text(), nullable=True),
        sa.Column("content_warning", sa.String(length=500), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_post_variant_account_id_channel_account")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["brand_post.id"], name=op.f("fk_post_variant_post_id_brand_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_variant")),
        sa.UniqueConstraint("post_id", "account_id", name=op.f("uq_post_variant_post_id_account_id")),
    )
    op.create_table(
        "delivery_part",
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_comment", sa.Boolean(), nullable=False),
        sa.Column("request", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("live_text", sa.Text(), nullable=True),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_part_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_part")),
        sa.UniqueConstraint("delivery_id", "number", name=op.f("uq_delivery_part_delivery_id_number")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=45), nullable=False, server_default=""))

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("part", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("kind", sa.String(length=32), nullable=False, server_default="send"))
        batch_op.add_column(
            sa.Column(
                "progress",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=False,
                server_default="{}",
            )
        )
        batch_op.add_column(sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("brand_post", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "more", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, server_default="[]"
            )
        )
        batch_op.add_column(sa.Column("first_comment", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("content_warning", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("language", sa.String(length=16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("notes", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("video_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("video_alt", sa.String(length=1500), nullable=False, server_default=""))
        batch_op.create_foreign_key(batch_op.f("fk_brand_post_video_id_video"), "video", ["video_id"], ["id"])

    with op.batch_alter_table("channel_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column(
                "facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False, server_default="{}"
            )
        )
        batch_op.add_column(sa.Column("zone", sa.String(length=64), nullable=False, server_default="Asia/Shanghai"))
        batch_op.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("trouble", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("disconnected_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("channel_post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("url", sa.String(length=500), nullable=False, server_default=""))

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))

    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(
            sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_unique_constraint(batch_op.f("uq_link_origin_id_account_id"), ["origin_id", "account_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_link_account_id_channel_account"), "channel_account", ["account_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_link_origin_id_link"), "link", ["origin_id"], ["id"])

    op.execute(
        "INSERT INTO post_variant (post_id, account_id)"
        " SELECT brand_post.id, channel_account.id FROM brand_post, channel_account WHERE channel_account.channel = 'circle'"
    )


def downgrade() -> None:
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_link_origin_id_link"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_link_account_id_channel_account"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_link_origin_id_account_id"), type_="unique")
        batch_op.drop_column("account_id")
        batch_op.drop_column("origin_id")

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_column("round")
        batch_op.drop_column("tried_at")

    with op.batch_alter_table("channel_post", schema=None) as batch_op:
        batch_op.drop_column("url")

    with op.batch_alter_table("channel_account", schema=None) as batch_op:
        batch_op.drop_column("disconnected_at")
        batch_op.drop_column("trouble")
        batch_op.drop_column("checked_at")
        batch_op.drop_column("expires_at")
        batch_op.drop_column("zone")
        batch_op.drop_column("facts")
        batch_op.drop_column("address")

    with op.batch_alter_table("brand_post", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_brand_post_video_id_video"), type_="foreignkey")
        batch_op.drop_column("video_alt")
        batch_op.drop_column("video_id")
        batch_op.drop_column("notes")
        batch_op.drop_column("language")
        batch_op.drop_column("content_warning")
        batch_op.drop_column("first_comment")
        batch_op.drop_column("more")

    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_column("address")

    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_column("lease_until")
        batch_op.drop_column("progress")
        batch_op.drop_column("kind")
        batch_op.drop_column("part")
        batch_op.drop_column("round")

    op.drop_table("delivery_part")
    op.drop_table("post_variant")
    with op.batch_alter_table("video", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_video_sha256"))

    op.drop_table("video")
