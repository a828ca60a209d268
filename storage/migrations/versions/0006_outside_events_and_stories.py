"""What happened to insight, feeds and stakeholders; and of which complaint a published text tells the story."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outside_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_staff_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.ForeignKeyConstraint(["by_staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("outside_event_about", "outside_event", ["about", "about_id"])
    with op.batch_alter_table("publication") as batch_op:
        batch_op.add_column(sa.Column("story_of_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("publication_story_of_id_fkey", "cases", ["story_of_id"], ["id"])
        batch_op.create_index("ix_publication_story_of_id", ["story_of_id"])


def downgrade() -> None:
    with op.batch_alter_table("publication") as batch_op:
        batch_op.drop_index("ix_publication_story_of_id")
        batch_op.drop_constraint("publication_story_of_id_fkey", type_="foreignkey")
        batch_op.drop_column("story_of_id")
    op.drop_table("outside_event")
