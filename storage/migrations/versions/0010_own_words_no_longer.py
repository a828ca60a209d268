"""An index for what we said in chats, and for codes by mail, whose text is to be erased."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TO_ERASE = "kind IN ('turn', 'chat_code') AND closed_at IS NOT NULL AND text <> ''"


def upgrade() -> None:
    where = sa.text(TO_ERASE)
    op.create_index("message_to_erase", "message", ["closed_at"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("message_to_erase", "message")
