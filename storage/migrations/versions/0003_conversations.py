"""Conversations by chat: what is being said, what came in, and how to reach someone by a messenger."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAITING = sa.text("handled_at IS NULL AND given_up_at IS NULL")
DUE = sa.text("look_at IS NOT NULL")
OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    _reach_by_chat()
    _updates()
    _conversations()
    _codes()


def _reach_by_chat() -> None:
    op.add_column("participant", sa.Column("chat", sa.String(), nullable=True))
    op.add_column("participant", sa.Column("chat_closed_at", UtcDateTime(), nullable=True))
    op.create_index("ix_participant_chat", "participant", ["chat"])
    op.add_column("message", sa.Column("extra", Json, nullable=True))
    op.create_index(
        "message_in_order", "message", ["channel", "address", "id"], sqlite_where=OPEN, postgresql_where=OPEN
    )


def _updates() -> None:
    op.create_table(
        "chat_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bot", sa.String(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("handled_at", UtcDateTime(), nullable=True),
        sa.Column("given_up_at", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_after", UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("bot", "update_id"),
    )
    op.create_index("chat_update_next", "chat_update", ["id"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index(
        "chat_update_waiting", "chat_update", ["bot", "chat", "id"], sqlite_where=WAITING, postgresql_where=WAITING
    )


def _conversations() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("aside", sa.String(), nullable=False),
        sa.Column("holding", Json, nullable=False),
        sa.Column("said", Json, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("began_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.Column("look_at", UtcDateTime(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("shown_at", UtcDateTime(), nullable=True),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "chat"),
    )
    op.create_index("conversation_due", "conversation", ["look_at"], sqlite_where=DUE, postgresql_where=DUE)


def _codes() -> None:
    op.create_table(
        "chat_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("chat_code_of_conversation", "chat_code", ["conversation_id", "made_at"])
    op.create_index("chat_code_of_participant", "chat_code", ["participant_id", "made_at"])


def downgrade() -> None:
    op.drop_table("chat_code")
    op.drop_table("conversation")
    op.drop_table("chat_update")
    op.drop_index("message_in_order", "message")
    op.drop_column("message", "extra")
    op.drop_index("ix_participant_chat", "participant")
    op.drop_column("participant", "chat_closed_at")
    op.drop_column("participant", "chat")
