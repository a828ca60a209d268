"""What someone has answered so far to a survey that is put to them in a chat, one question after the other."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("survey_invitation", sa.Column("given", Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("survey_invitation") as batch_op:
        batch_op.drop_column("given")
