"""Channels that push: whom a bot reaches, what it showed, what it still has to fetch."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bot_leases",
        sa.Column("name", sa.String(length=96), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("error", sa.String(length=32), nullable=True),
        sa.Column("username", sa.String(length=64), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bot_leases")),
    )
    op.create_table(
        "sent_messages",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stale_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("showing", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_sent_messages_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "external_id", name=op.f("pk_sent_messages")),
    )
    with op.batch_alter_table("sent_messages", schema=None) as batch_op:
        batch_op.create_index("ix_sent_case", ["case_id", "kind"], unique=False)
        batch_op.create_index("ix_sent_line", ["conversation_id", "seq"], unique=False)

    op.create_table(
        "staff_chats",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=True),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("focus_case_id", sa.String(length=32), nullable=True),
        sa.Column("focus_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("question", sa.String(length=16), nullable=True),
        sa.Column("question_case_id", sa.String(length=32), nullable=True),
        sa.Column("question_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_staff_chats_conversation_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_chats_staff_id")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_staff_chats")),
    )
    with op.batch_alter_table("staff_chats", schema=None) as batch_op:
        batch_op.create_index("ix_staff_chats_actor", ["account", "actor"], unique=False)
        batch_op.create_index("ix_staff_chats_staff", ["staff_id"], unique=False)

    op.create_table(
        "fetches",
        sa.Column("media_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_fetches_conversation_id")
        ),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_fetches_media_id")),
        sa.PrimaryKeyConstraint("media_id", name=op.f("pk_fetches")),
    )
    with op.batch_alter_table("fetches", schema=None) as batch_op:
        batch_op.create_index("ix_fetches_due", ["channel", "account", "not_before"], unique=False)

    op.create_table(
        "staff_chat_cases",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("shown_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_staff_chat_cases_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_staff_chat_cases_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", "case_id", name=op.f("pk_staff_chat_cases")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("staff_links", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("purpose", sa.String(length=8), nullable=False, server_default="any")
        )

    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("state", sa.String(length=8), nullable=False, server_default="kept")
        )
        batch_op.add_column(sa.Column("name", sa.LargeBinary(), nullable=True))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("parts_sent", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.drop_index("ix_outbox_state")
        batch_op.create_index(
            "ix_outbox_ready", ["channel", "account", "state", "lane", "id"], unique=False
        )

    # the rows that stand have their value now; the models give it to new ones
    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.alter_column("state", server_default=None)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.alter_column("parts_sent", server_default=None)
    with op.batch_alter_table("staff_links", schema=None) as batch_op:
        batch_op.alter_column("purpose", server_default=None)

    # staff chats are told what happens from now on
    op.execute(
        "INSERT INTO counters (name, value)"
        " SELECT 'staff_feed', value FROM counters WHERE name = 'notice'"
    )
