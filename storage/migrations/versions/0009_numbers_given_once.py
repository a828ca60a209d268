"""The number of a recommendation or insight that was taken back is never given to another; PostgreSQL gives none twice."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("recommendation", "insight")


def upgrade() -> None:
    _made_again(gives_once=True)


def downgrade() -> None:
    _made_again(gives_once=False)


def _made_again(*, gives_once: bool) -> None:
    """SQLite says when a table is made whether it gives a number twice."""
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": gives_once}):
                pass
