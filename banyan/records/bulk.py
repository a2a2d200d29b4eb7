"""Appending very many rows to one table: as fast as each database takes them, with no object a row."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import cast

import psycopg
from sqlalchemy.orm import Session

from banyan.records.base import Base

AT_ONCE = 50_000


def append(session: Session, into: type[Base], columns: Sequence[str], rows: Iterable[tuple[int | str, ...]]) -> None:
    """Append rows in the order of the columns; a day is written as ISO 8601, which both databases read."""
    connection = session.connection()
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        driver = cast(psycopg.Connection, connection.connection.driver_connection)
        with driver.cursor() as cursor, cursor.copy(f"COPY {into.__tablename__} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {into.__tablename__} ({names}) VALUES ({places})"  # noqa: S608 - names of our own tables
    ahead = iter(rows)
    while chunk := list(islice(ahead, AT_ONCE)):
        connection.exec_driver_sql(statement, chunk)
