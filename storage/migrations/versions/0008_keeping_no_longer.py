"""When an update's bytes were erased; indexes for what is to be erased, and for what is in quarantine."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INDEXES = (
    ("chat_update_to_erase", "chat_update", ["handled_at"], "handled_at IS NOT NULL AND erased_at IS NULL"),
    ("chat_update_quarantined", "chat_update", ["bot"], "given_up_at IS NOT NULL AND handled_at IS NULL"),
    ("chat_code_to_forget", "chat_code", ["made_at"], "code_hash <> ''"),
    ("chat_code_made", "chat_code", ["made_at"], None),
)


def upgrade() -> None:
    op.add_column("chat_update", sa.Column("erased_at", UtcDateTime(), nullable=True))
    for name, table, columns, where in INDEXES:
        only = sa.text(where) if where else None
        op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    for name, table, _columns, _where in INDEXES:
        op.drop_index(name, table)
    with op.batch_alter_table("chat_update") as batch_op:
        batch_op.drop_column("erased_at")
