"""Parquet files, and Arrow tables: with pyarrow, the optional extra ``parquet``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from understudy.casting.kind import Record
from understudy.casting.record_request import RecordRequest
from understudy.casting.writers.format_protocol import Encode
from understudy.core.misconfigured import Misconfigured

try:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter
except ImportError as missing:
    raise Misconfigured("Parquet and Arrow need pyarrow; install it: pip install pyarrow") from missing

GROUP = 16
"""How many blocks are one row group."""


@dataclass(frozen=True, slots=True)
class Parquet:
    """Columns as in the records, objects as structs; every shard of an order has the same schema."""

    schema: Any

    def encoder(self, order: RecordRequest) -> Encode:
        """Return what makes a batch, in Arrow's own form."""
        make = order.open()
        return lambda numbers: bytes(self.batch(make(numbers)).serialize())

    def batch(self, records: Sequence[Record]) -> Any:
        """Return records as a batch; refuse one with a field that has no column."""
        for record in records:
            _check(record, self.schema, "")
        try:
            return pa.RecordBatch.from_pylist(records, self.schema)
        except pa.ArrowException as error:
            raise _misfit(error) from error

    def writer(self, file: BinaryIO) -> "_Groups":
        """Return what writes the batches."""
        return _Groups(file, self.schema)


class _Groups:
    """Batches, gathered into row groups."""

    def __init__(self, file: BinaryIO, schema: Any) -> None:
        self._schema = schema
        self._writer = ParquetWriter(file, schema, compression="zstd")
        self._batches: list[Any] = []

    def write(self, block: bytes) -> None:
        self._batches.append(pa.ipc.read_record_batch(pa.py_buffer(block), self._schema))
        if len(self._batches) == GROUP:
            self._flush()

    def close(self) -> None:
        if self._batches:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        self._writer.write_table(pa.Table.from_batches(self._batches).combine_chunks())
        self._batches.clear()


def prepare(order: RecordRequest) -> Parquet:
    """Find an order's schema."""
    try:
        found = pa.array(order.sample()).type  # one struct of all the fields that any of the records has
    except pa.ArrowException as error:
        raise _misfit(error) from error
    return Parquet(pa.schema([column for column in found.fields if _holds_something(column)]))


def table(order: RecordRequest, blocks: Iterable[Sequence[Record]]) -> Any:
    """Return an order's records as one table."""
    layout = prepare(order)
    return pa.Table.from_batches(map(layout.batch, blocks), layout.schema)


def _holds_something(column: Any) -> bool:
    """Tell whether a column can be written: Parquet has none for objects that are always empty."""
    return not (pa.types.is_struct(column.type) and column.type.num_fields == 0)


def _check(value: Any, within: Any, path: str) -> None:
    """Refuse a field that the schema or struct does not have: Arrow would leave it out without a word."""
    for name, inner in value.items():
        at = within.get_field_index(name)
        place = f"{path}{name}"
        if at >= 0:
            _check_inner(inner, within.field(at).type, place)
        elif inner not in (None, {}):
            raise _misfit(f"the field {place!r} is in none of the records that gave the columns")


def _check_inner(value: Any, kind: Any, place: str) -> None:
    if isinstance(value, dict) and pa.types.is_struct(kind):
        _check(value, kind, f"{place}.")
    elif isinstance(value, list) and pa.types.is_list(kind):
        for item in value:
            _check_inner(item, kind.value_type, place)


def _misfit(why: object) -> Misconfigured:
    return Misconfigured(f"the records do not fit one table: {why}; choose --format jsonl, or fewer fields with --only")
