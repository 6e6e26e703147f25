"""Generation of shards on a Dask cluster, where each worker writes files of its own (optional extra ``dask``).

Shards are independent, and a file gets its name only when it is complete. So a worker may be killed at any time: Dask
runs its shards on another worker, and the files are the same as those that a single process writes.
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
"""Number of retries of a shard that fails; Dask counts the retries after a worker's death separately."""


def write_shards(
    client: Client, records: Records, folder: str | Path, *, shards: int, ending: str = "jsonl"
) -> list[Path]:
    """Write records into ``shards`` files, one a shard, and return their paths in order.

    ``folder`` must be writable for every worker. ``ending`` sets the format and compression, such as ``parquet`` or
    ``jsonl.zst``. Existing files are replaced atomically.
    """
    if shards < 1:
        raise Misconfigured(f"there must be 1 shard or more, not {shards}")
    files = list(_names(Path(folder), shards, ending))
    Path(folder).mkdir(parents=True, exist_ok=True)
    layout = layout_for(records.source, str(files[0]))
    parts = [shard_numbers(records.numbers, Shard(number, shards)) for number in range(1, shards + 1)]
    tasks = client.map(_write, parts, files, request=records.source, layout=layout, retries=RETRIES, pure=False)
    client.gather(tasks)  # type: ignore[no-untyped-call]
    for file in files:
        remove_partial_files(file)
    return files


def _names(folder: Path, shards: int, ending: str) -> Iterator[Path]:
    for number in range(1, shards + 1):
        yield folder / f"part-{number:05}-of-{shards:05}.{ending}"


def _write(numbers: range, file: Path, request: RecordRequest, layout: Layout) -> None:
    save(request, layout, numbers, str(file))
