"""The full-text index over the words of cases: FTS5 on SQLite, a GIN index on PostgreSQL."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE case_words USING fts5("
            'words, case_id UNINDEXED, tokenize = "unicode61 remove_diacritics 2")'
        )
        return
    op.execute("CREATE TABLE case_words (id bigserial PRIMARY KEY, case_id integer NOT NULL, words tsvector NOT NULL)")
    op.execute("CREATE INDEX case_words_words ON case_words USING gin (words)")


def downgrade() -> None:
    op.execute("DROP TABLE case_words")
