"""Making a PostgreSQL database that a test has used as it was when new, if the test left its tables as they were."""

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

VERSION = "alembic_version"  # the only table that is not empty in a new database
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
# What was deleted would be cleared up in the middle of some later test, and change the order in which it finds rows.
WITH_PAGES = (
    "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    " AND pg_relation_size(oid) > 0"
)
OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
# A copy of a database has the same oids as the original, so whatever was made, or made again, shows. PostgreSQL's own
# end at 16383.
SHAPE = f"""
SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
  SELECT 'relation' || oid || relname FROM pg_class WHERE oid >= 16384
  UNION ALL SELECT 'column' || attrelid || attname || atttypid || attnotnull::text || atthasdef::text
    FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0
  UNION ALL SELECT 'constraint' || oid || conname FROM pg_constraint WHERE oid >= 16384
  UNION ALL SELECT 'trigger' || oid || tgname || tgenabled::text FROM pg_trigger WHERE oid >= 16384
  UNION ALL SELECT 'function' || oid FROM pg_proc WHERE oid >= 16384
  UNION ALL SELECT 'set' || setconfig::text FROM pg_db_role_setting
  UNION ALL SELECT 'version' || version_num FROM {VERSION}
) AS parts (part)
"""


class Emptying:
    """Empties copies of one database, the template."""

    def __init__(self, template: str) -> None:
        with _connected(template) as connection:
            self._shape = connection.scalar(text(SHAPE))
            tables = [name for name in connection.scalars(text(TABLES)) if name != VERSION]
            sequences = connection.scalars(text(SEQUENCES)).all()
        # Truncating or restarting makes files anew, a hundred times as slow; nobody's keys or triggers shall look on.
        deletions = " ".join(f'DELETE FROM "{name}";' for name in tables)
        starts = ", ".join(f"setval('\"{name}\"', 1, false)" for name in sequences)
        self._kept: dict[str, Connection] = {}  # to connect again would take as long as to empty
        settings = "SET session_replication_role = replica; SET synchronous_commit = off;"
        self._all = f"{settings} {deletions} SELECT {starts}"

    def empty(self, url: str) -> bool:
        """Whether it is as it was when new; if not, it is of no further use."""
        connection = self._kept.pop(url, None) or _connected(url)
        connection.execute(text(OTHERS)).all()
        is_as_new = self._has_the_shape(connection)
        if is_as_new:
            connection.exec_driver_sql(self._all)
            connection.exec_driver_sql(f"VACUUM {', '.join(connection.scalars(text(WITH_PAGES)))}")
            self._kept[url] = connection
        else:
            connection.close()
        return is_as_new

    def close(self) -> None:
        for connection in self._kept.values():
            connection.close()

    def _has_the_shape(self, connection: Connection) -> bool:
        has_version = connection.scalar(text(f"SELECT to_regclass('{VERSION}') IS NOT NULL"))
        return bool(has_version) and connection.scalar(text(SHAPE)) == self._shape


def _connected(url: str) -> Connection:
    return create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect()
