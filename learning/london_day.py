"""The London date of an instant, inside a query: so that the database itself can count days as people do."""

from typing import Any

from sqlalchemy import Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction


class london_day(GenericFunction[Any]):  # noqa: N801 - a function of SQL, named like one
    """`london_day(column)`: the calendar date in London at an instant; NULL for NULL."""

    type = Date()
    inherit_cache = True


@compiles(london_day, "postgresql")
def _postgresql(element: london_day, compiler: SQLCompiler, **rest: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **rest)} AT TIME ZONE 'Europe/London' AS DATE)"


@compiles(london_day, "sqlite")
def _sqlite(element: london_day, compiler: SQLCompiler, **rest: Any) -> str:
    """SQLite keeps UTC and knows no zones. Summer time: from the last Sunday of March to October's, at 01:00 UTC."""
    at = compiler.process(element.clauses, **rest)
    begins, ends = (f"datetime(strftime('%Y-{day}', {at}), 'weekday 0', '+1 hour')" for day in ("03-25", "10-25"))
    return f"CASE WHEN {at} >= {begins} AND {at} < {ends} THEN date({at}, '+1 hour') ELSE date({at}) END"
