"""Shards on a cluster: each worker writes files of its own, on whatever cluster the client points at (extra ``dask``).

Shards do not depend on each other, and a file has its name only when it is whole. So a worker may be killed at any
time: Dask gives its shards to another one, and the files are those that a single process writes.
"""

from collections.abc import Iterator
from pathlib import Path

from understudy.casting.record_request import RecordRequest
from understudy.casting.records import Records
from understudy.casting.writers.format_protocol import Layout
from understudy.casting.writers.formats import layout_for
from understudy.casting.writers.output_file import remove_partial_files
from understudy.casting.writers.saving import save
from understudy.casting.writers.shard_ranges import Shard, shard_numbers
from understudy.core.misconfigured import Misconfigured

try:
    from distributed import Client
except ImportError as missing:
    raise Misconfigured("a cluster needs Dask; install it: pip install dask distributed") from missing

RETRIES = 3
"""How often a shard that fails is tried anew; one whose worker dies is tried by others besides."""


def write_shards(
    client: Client, records: Records, folder: str | Path, *, shards: int, ending: str = "jsonl"
) -> list[Path]:
    """Write records in so many files and return them in their order: Parquet or JSON Lines, by the files' ending.

    The folder is one that every worker can write to, ``ending`` what follows the dot in the files' names, such as
    ``parquet`` or ``jsonl.zst``. Files that are there already are replaced, each in one step.
    """
    if shards < 1:
        raise Misconfigured(f"there must be 1 shard or more, not {shards}")
    files = list(_names(Path(folder), shards, ending))
    Path(folder).mkdir(parents=True, exist_ok=True)
    layout = layout_for(records.source, str(files[0]))
    parts = [shard_numbers(records.numbers, Shard(number, shards)) for number in range(1, shards + 1)]
    tasks = client.map(_write, parts, files, order=records.source, layout=layout, retries=RETRIES, pure=False)
    client.gather(tasks)  # type: ignore[no-untyped-call]
    for file in files:
        remove_partial_files(file)
    return files


def _names(folder: Path, shards: int, ending: str) -> Iterator[Path]:
    for number in range(1, shards + 1):
        yield folder / f"part-{number:05}-of-{shards:05}.{ending}"


def _write(numbers: range, file: Path, order: RecordRequest, layout: Layout) -> None:
    save(order, layout, numbers, str(file))
