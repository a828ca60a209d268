"""Why an ombudsman's recommendation is not complied with, and since when."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recommendation", sa.Column("declined_at", UtcDateTime(), nullable=True))
    op.add_column("recommendation", sa.Column("declined_because", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("recommendation") as batch_op:
        batch_op.drop_column("declined_because")
        batch_op.drop_column("declined_at")
