import io
import os
import sys
import time
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from benchmarks.servers import Server, ServerFailed
from benchmarks.waits import watching

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells another process's processor time; the benchmarks run there alone"
)


@pytest.fixture
def this_server(server: str) -> Server:
    process = cast("Any", SimpleNamespace(pid=os.getpid()))
    return Server("this process", urlsplit(server).port or 0, process, time.perf_counter(), io.BytesIO())


def test_waits_are_those_of_a_block_and_at_least_one(this_server: Server) -> None:
    with watching(this_server, "nothing goes on", "/_understudy/api/health", {}) as waits:
        pass

    assert len(waits.clock) == len(waits.processor) >= 1
    assert all(0 < wait < 10_000 for wait in waits.clock)
    assert waits.row()[:2] == ("nothing goes on", float(len(waits.clock)))


def test_a_wait_that_ends_in_a_refusal_is_no_figure(this_server: Server) -> None:
    with (
        pytest.raises(ServerFailed, match="does not answer GET /nowhere meanwhile: 404"),
        watching(this_server, "meanwhile", "/nowhere", {}),
    ):
        pass
