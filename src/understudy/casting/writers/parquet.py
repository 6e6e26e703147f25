"""Parquet files and Arrow tables, with pyarrow (optional extra ``parquet``)."""

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

BLOCKS_PER_GROUP = 16
"""Blocks of a row group."""


@dataclass(frozen=True, slots=True)
class Parquet:
    """Format with a column for each field, objects as structs; all shards of a request have the same schema."""

    schema: Any

    def encoder(self, request: RecordRequest) -> Encode:
        """Return the encoder of batches, in Arrow's IPC format."""
        make = request.open()
        return lambda numbers: bytes(self.batch(make(numbers)).serialize())

    def batch(self, records: Sequence[Record]) -> Any:
        """Return records as a batch; raise ``Misconfigured`` for a record with a field that has no column."""
        for record in records:
            _check(record, self.schema, "")
        try:
            return pa.RecordBatch.from_pylist(records, self.schema)
        except pa.ArrowException as error:
            raise _not_a_table(error) from error

    def writer(self, file: BinaryIO) -> "_RowGroupWriter":
        """Return the writer of batches."""
        return _RowGroupWriter(file, self.schema)


class _RowGroupWriter:
    """Writer of batches in row groups of ``BLOCKS_PER_GROUP``."""

    def __init__(self, file: BinaryIO, schema: Any) -> None:
        self._schema = schema
        self._writer = ParquetWriter(file, schema, compression="zstd")
        self._batches: list[Any] = []

    def write(self, block: bytes) -> None:
        self._batches.append(pa.ipc.read_record_batch(pa.py_buffer(block), self._schema))
        if len(self._batches) == BLOCKS_PER_GROUP:
            self._flush()

    def close(self) -> None:
        if self._batches:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        self._writer.write_table(pa.Table.from_batches(self._batches).combine_chunks())
        self._batches.clear()


def prepare(request: RecordRequest) -> Parquet:
    """Return the layout of a request, with the schema of its sample records."""
    try:
        found = pa.array(request.sample()).type  # a struct with all fields of all records
    except pa.ArrowException as error:
        raise _not_a_table(error) from error
    return Parquet(pa.schema([column for column in found.fields if _is_writable(column)]))


def table(request: RecordRequest, blocks: Iterable[Sequence[Record]]) -> Any:
    """Return a request's records as one table."""
    layout = prepare(request)
    return pa.Table.from_batches(map(layout.batch, blocks), layout.schema)


def _is_writable(column: Any) -> bool:
    """Return whether a column can be written: Parquet has no type for objects that are always empty."""
    return not (pa.types.is_struct(column.type) and column.type.num_fields == 0)


def _check(value: Any, schema: Any, path: str) -> None:
    """Raise ``Misconfigured`` for a field that the schema or struct lacks: Arrow would drop it silently."""
    for name, inner in value.items():
        at = schema.get_field_index(name)
        place = f"{path}{name}"
        if at >= 0:
            _check_inner(inner, schema.field(at).type, place)
        elif inner not in (None, {}):
            raise _not_a_table(f"the field {place!r} is in none of the records from which the columns were found")


def _check_inner(value: Any, kind: Any, place: str) -> None:
    if isinstance(value, dict) and pa.types.is_struct(kind):
        _check(value, kind, f"{place}.")
    elif isinstance(value, list) and pa.types.is_list(kind):
        for item in value:
            _check_inner(item, kind.value_type, place)


def _not_a_table(why: object) -> Misconfigured:
    return Misconfigured(f"the records do not fit one table: {why}; choose --format jsonl, or fewer fields with --only")
