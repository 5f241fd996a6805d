"""The few statements of every turn, without what SQLAlchemy adds to each: it costs ten times SQLite's own work.

A `Statement` runs on the connection that SQLAlchemy opened, in its transaction. On SQLite it goes right to the driver,
which knows `:name` parameters and keeps statements prepared; elsewhere it is a SQLAlchemy `text`.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from bot.database import driver_of

Row = tuple[Any, ...]


class Statement:
    def __init__(self, sql: str) -> None:
        self._sql = sql
        self._text = text(sql)

    def all(self, connection: Connection, parameters: Mapping[str, object]) -> list[Row]:
        """The rows that it returns; none if it is not of the kind that does."""
        if connection.dialect.name == "sqlite":
            return list(driver_of(connection).execute(self._sql, parameters))
        result = connection.execute(self._text, dict(parameters))
        return [tuple(row) for row in result] if result.returns_rows else []

    def first(self, connection: Connection, parameters: Mapping[str, object]) -> Row | None:
        rows = self.all(connection, parameters)
        return rows[0] if rows else None

    def one(self, connection: Connection, parameters: Mapping[str, object]) -> Row:
        """The one row that it must return."""
        [row] = self.all(connection, parameters)
        return row
