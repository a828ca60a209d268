"""What the rows of every table have in common."""

from collections.abc import Callable
from functools import cache
from typing import Any

from pydantic import ConfigDict
from sqlmodel import SQLModel


class Row(SQLModel):
    """A row. None is ever validated: what could is built only when it is asked for, which is a fifth of the loading."""

    model_config = ConfigDict(defer_build=True)  # type: ignore[assignment]  # SQLModel's own kind of it is private

    def __init__(self, **columns: Any) -> None:
        """A new row; what is not given is as the table says. TypeError for a column that it does not have."""
        given, made = _defaults(type(self))
        if unknown := columns.keys() - type(self).model_fields.keys():
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        # Of a new row the whole is inserted: nobody need be told of each value by itself.
        self.__dict__.update(given, **{name: make() for name, make in made.items() if name not in columns}, **columns)

    def __setattr__(self, name: str, value: Any) -> None:
        """Once, for the database: SQLModel's own sets each value a second time for pydantic, which never looks here."""
        object.__setattr__(self, name, value)


@cache
def _defaults(table: type[Row]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """What a new row holds by itself: values, and what makes them where each row has its own."""
    optional = {name: field for name, field in table.model_fields.items() if not field.is_required()}
    made = {name: field.default_factory for name, field in optional.items() if field.default_factory}
    return {name: field.default for name, field in optional.items() if name not in made}, made  # type: ignore[return-value]  # none of them asks for the other values
