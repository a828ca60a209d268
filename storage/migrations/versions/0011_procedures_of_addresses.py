"""The procedure that complaints to an address follow, where it is not that of their service."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("address", sa.Column("procedure", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("address") as batch_op:
        batch_op.drop_column("procedure")
