"""Runs migrations over the engine that storage.migrate hands in."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON
from sqlmodel import AutoString, SQLModel

import storage.tables  # noqa: F401  (fills the metadata)
from storage.types import UtcDateTime


def render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Name our own column types in a migration as the tables name them."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from storage.types import UtcDateTime")
        return "UtcDateTime()"
    if kind == "type" and isinstance(item, JSON):
        autogen.imports.add("from storage.types import Json")
        return "Json"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    include_name=lambda name, kind, _parents: not (kind == "table" and str(name).startswith("case_words")),
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
