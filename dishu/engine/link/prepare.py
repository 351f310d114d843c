"""Turn a table of written cells into the columns the matching compares; each distinct value is cleaned once."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine.link import clean, firms, names
from dishu.engine.link.columns import PERSON, UNIT

_TEXT, _INT = pa.string(), pa.int32()
Fields = dict[str, pa.DataType]


def spread(
    column: pa.ChunkedArray, parse: Callable[[str | None], Sequence[Any]], fields: Fields
) -> dict[str, pa.Array]:
    """The parts of each cell as columns; `parse` is called once for each distinct value.

    >>> cells = pa.chunked_array([["ab", None, "ab"]])
    >>> spread(cells, lambda cell: cell or (None, None), {"x": pa.string(), "y": pa.string()})["y"].to_pylist()
    ['b', None, 'b']
    """
    coded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    coded = pa.concat_arrays(coded.chunks) if isinstance(coded, pa.ChunkedArray) else coded
    parsed = [parse(value) for value in coded.dictionary.to_pylist()]
    parts: list[tuple[Any, ...]] = list(zip(*parsed, strict=True)) or [() for _ in fields]
    return {
        name: pa.array(values, kind).take(coded.indices)
        for (name, kind), values in zip(fields.items(), parts, strict=True)
    }


def check_ids(table: pa.Table) -> pa.Table:
    """The table in the order of `rec_id`, so that the order of rows in the file does not matter.

    Raises ValueError when a `rec_id` is empty or stands twice.
    """
    column = table["rec_id"]
    if column.null_count or pc.count_distinct(column).as_py() != table.num_rows:
        raise ValueError("rec_id 有空值或重复")
    return table.take(pc.sort_indices(column))


def people(table: pa.Table, first: int = 0) -> pa.Table:
    """Cleaned columns of a person table (columns `columns.PERSON`), numbered `uid` from `first`.

    Raises ValueError for missing columns or repeated `rec_id`.
    """
    missing = [name for name in PERSON if name not in table.column_names]
    if missing:
        raise ValueError(f"缺少列：{'、'.join(missing)}")
    table = check_ids(table.select(PERSON).cast(pa.schema([(name, _TEXT) for name in PERSON])))
    out: dict[str, Any] = {"uid": pa.array(range(first, first + table.num_rows), pa.int64()), "rec_id": table["rec_id"]}
    for name, parse, fields in _PEOPLE:
        out |= spread(table[name], parse, fields)
    return _settled(pa.table(out))


def _employer(cell: str | None) -> tuple[str | None, ...]:
    unit = firms.parse(cell)
    return unit.core, unit.brand, unit.core[:2] if unit.core else None


_PEOPLE: tuple[tuple[str, Callable[[str | None], Sequence[Any]], Fields], ...] = (
    (
        "name",
        names.parse,
        dict.fromkeys(("name", "sur", "giv", "giv1", "givn", "sound", "sur_sound", "giv_sound"), _TEXT),
    ),
    (
        "id_no",
        clean.id_number,
        {
            "idn": _TEXT,
            "checked": pa.bool_(),
            "valid": _TEXT,
            "head": _TEXT,
            "tail": _TEXT,
            "id_born": _INT,
            "id_sex": _TEXT,
        },
    ),
    ("birth", clean.born, {"born_y": _INT, "born_m": _INT, "born_d": _INT}),
    ("phone", clean.phone, {"phone": _TEXT, "ph3": _TEXT, "ph4": _TEXT}),
    ("sex", lambda cell: (clean.sex(cell),), {"sex": _TEXT}),
    ("employer", _employer, {"emp": _TEXT, "brand": _TEXT, "two": _TEXT}),
    ("address", clean.address, {"door": _TEXT, "estate": _TEXT, "county": _TEXT}),
)


def _settled(table: pa.Table) -> pa.Table:
    """What a valid ID number says of birth and sex goes before the other cells; what a doubtful one says, behind."""
    born = table["id_born"]
    parts = {
        "born_y": pc.divide(born, 10000),
        "born_m": pc.subtract(pc.divide(born, 100), pc.multiply(pc.divide(born, 10000), 100)),
        "born_d": pc.subtract(born, pc.multiply(pc.divide(born, 100), 100)),
    }
    known = pc.and_(pc.is_valid(born), pc.or_(pc.is_valid(table["valid"]), pc.is_null(table["born_y"])))
    for name, part in parts.items():
        at = table.column_names.index(name)
        table = table.set_column(at, name, pc.if_else(known, part, table[name]).cast(_INT))
    sex = pc.coalesce(table["id_sex"], table["sex"])
    head = pc.utf8_slice_codeunits(table["head"], 0, 6)
    table = table.drop_columns(["sex", "head", "id_born", "id_sex"])
    return table.append_column("sex", sex).append_column("head", head)


def units(table: pa.Table, first: int = 0) -> pa.Table:
    """Cleaned columns of a unit table (columns `columns.UNIT`), numbered `uid` from `first`.

    Raises ValueError for repeated `rec_id`.
    """
    table = check_ids(table.select(UNIT).cast(pa.schema([(name, _TEXT) for name in UNIT])))
    out: dict[str, Any] = {"uid": pa.array(range(first, first + table.num_rows), pa.int64()), "rec_id": table["rec_id"]}
    for name, parse, fields in _UNITS:
        out |= spread(table[name], parse, fields)
    out["county"] = pc.coalesce(out["county"], out.pop("address_county"))
    out["coded"] = pc.match_substring_regex(out["county"], r"^\d")
    return pa.table(out)


def _unit_name(cell: str | None) -> tuple[str | None, ...]:
    unit = firms.parse(cell)
    return unit.full, unit.core, unit.brand, unit.core[:2] if unit.core else None


def _owner(cell: str | None) -> tuple[str | None, ...]:
    person = names.parse(cell)
    return person.name, person.sound


_UNITS: tuple[tuple[str, Callable[[str | None], Sequence[Any]], Fields], ...] = (
    ("name", _unit_name, {"whole": _TEXT, "core": _TEXT, "brand": _TEXT, "two": _TEXT}),
    ("unit_code", clean.unit_code, {"credit": _TEXT, "reg": _TEXT, "org": _TEXT}),
    ("owner", _owner, {"owner": _TEXT, "owner_sound": _TEXT}),
    ("owner_id", lambda cell: (clean.id_number(cell).valid,), {"owner_id": _TEXT}),
    ("phone", lambda cell: (clean.phone(cell).number,), {"phone": _TEXT}),
    ("address", clean.address, {"door": _TEXT, "estate": _TEXT, "address_county": _TEXT}),
    ("place", clean.place, {"spot": _TEXT, "town": _TEXT, "county": _TEXT}),
)


@contextmanager
def workspace(threads: int | None, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database in memory; what does not fit goes to a folder only we can read, deleted at the end."""
    folder = tempfile.mkdtemp(prefix="dishu-link-")
    config: dict[str, str | int] = {
        "temp_directory": folder,
        "memory_limit": memory_limit,
        "preserve_insertion_order": "false",
    }
    if threads:
        config["threads"] = threads
    con = duckdb.connect(config=config)
    try:
        con.execute("SET enable_progress_bar = false")
        yield con
    finally:
        con.close()
        shutil.rmtree(folder, ignore_errors=True)
