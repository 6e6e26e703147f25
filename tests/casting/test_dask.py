"""Shards written on a cluster equal those of one process, also when a worker is killed."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from distributed import Client, LocalCluster

from understudy.casting import Cast
from understudy.casting.dask import write_shards
from understudy.casting.writers.output_file import PART
from understudy.casting.writers.parallel_blocks import BLOCK_SIZE
from understudy.core.misconfigured import Misconfigured

SHARDS = 3


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,  # type: ignore[no-untyped-call]
        Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):
        yield client


def test_the_files_in_their_order_are_the_whole(client: Client, tmp_path: Path) -> None:
    customers = Cast(people=5000)["contacthub.customers"]
    customers.save(tmp_path / "whole.jsonl")

    files = write_shards(client, customers, tmp_path / "shards", shards=SHARDS)

    assert b"".join(file.read_bytes() for file in files) == (tmp_path / "whole.jsonl").read_bytes()
    assert sorted(files) == files == sorted((tmp_path / "shards").iterdir())


def test_parquet_files_are_one_table(client: Client, tmp_path: Path) -> None:
    customers = Cast(people=600)["contacthub.customers"]

    files = write_shards(client, customers, tmp_path, shards=SHARDS, ending="parquet")

    assert pyarrow.parquet.read_table(tmp_path).equals(customers.to_arrow())
    assert len({pyarrow.parquet.read_schema(file).to_string() for file in files}) == 1


def test_killing_a_worker_changes_no_file(client: Client, tmp_path: Path) -> None:
    marker, folder = tmp_path / "killed", tmp_path / "shards"

    def kill_once(record: dict[str, Any]) -> str:
        if record["externalId"] == victim and not marker.exists():
            marker.write_text("\n".join(path.name for path in folder.iterdir()))
            os.kill(os.getpid(), signal.SIGKILL)
        return "seen"

    everyone = Cast(people=2 * (BLOCK_SIZE + 100))["contacthub.customers"]
    victim = everyone[BLOCK_SIZE + 50]["externalId"]  # of the first shard's second block: the first one is written

    files = write_shards(client, everyone.but(extra=kill_once), folder, shards=2)

    assert PART in marker.read_text()
    everyone.but(extra="seen").save(tmp_path / "whole.jsonl")
    assert b"".join(file.read_bytes() for file in files) == (tmp_path / "whole.jsonl").read_bytes()
    assert sorted(folder.iterdir()) == files


def test_no_shard_at_all_is_refused(client: Client, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="1 shard or more, not 0"):
        write_shards(client, Cast()["cast.people"], tmp_path, shards=0)
