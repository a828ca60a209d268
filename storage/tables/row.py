"""What the rows of every table have in common."""

from typing import Any

from pydantic import ConfigDict
from sqlmodel import SQLModel


class Row(SQLModel):
    """A row. None is ever validated: what could is built only when it is asked for, which is a fifth of the loading."""

    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]  # SQLModel's own kind of it is private

    def __setattr__(self, name: str, value: Any) -> None:
        """Once, for the database: SQLModel's own sets each value a second time for pydantic, which never looks here."""
        object.__setattr__(self, name, value)
