"""Many rows between the database and Arrow tables at once, by COPY, within the running transaction."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
from django.db import connection


def fetch(query: str, schema: pa.Schema, params: Sequence[Any] = ()) -> pa.Table:
    """The rows of a query as a table of that schema; columns in order."""
    buffer = io.BytesIO()
    copying = f"COPY ({query}) TO STDOUT (FORMAT csv)"
    with connection.cursor() as cursor, cursor.cursor.copy(copying, params) as copy:
        for block in copy:
            buffer.write(block)
    if not buffer.tell():
        return schema.empty_table()
    buffer.seek(0)
    return csv.read_csv(
        buffer,
        csv.ReadOptions(column_names=schema.names),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
            true_values=["t"], false_values=["f"],
        ),
    )  # fmt: skip


def put(table: pa.Table, into: str, columns: Sequence[str] | None = None) -> int:
    """Append all rows to a table of the database. Returns how many."""
    names = ", ".join(f'"{name}"' for name in columns or table.column_names)
    copying = f"COPY {into} ({names}) FROM STDIN (FORMAT csv)"
    with connection.cursor() as cursor, cursor.cursor.copy(copying) as copy:
        for batch in table.to_batches(max_chunksize=50_000):
            buffer = io.BytesIO()
            csv.write_csv(pa.Table.from_batches([batch]), buffer, csv.WriteOptions(include_header=False))
            copy.write(buffer.getvalue())
    return table.num_rows


def stage(table: pa.Table, name: str) -> None:
    """The rows as a temporary table of the transaction, to be joined with what is known."""
    kinds = ", ".join(f'"{field.name}" {_postgres(field.type)}' for field in table.schema)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({kinds}) ON COMMIT DROP")
    put(table, name)
    look_over(name)


def look_over(*tables: str) -> None:
    """Tell the database how much is in these tables now; until it looks by itself it plans as if they were empty."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def _postgres(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind):
        return "bigint"
    if pa.types.is_date(kind):
        return "date"
    return "boolean" if pa.types.is_boolean(kind) else "text"
