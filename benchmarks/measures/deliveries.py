"""Deliveries of messages to a consumer of another process, and the waits of another world's calls meanwhile."""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from typing import Any

from benchmarks.measures.turns import HEADERS, Steering, sign_in
from benchmarks.report import Options, Section, Table, Target
from benchmarks.servers import HOST, LOAD_CORE, SERVER_CORE, ServerFailed, pinned, running, understudy_command
from benchmarks.waits import COLUMNS, Waits, watching
from understudy.core.world_names import CONTROL_PATH

MESSAGES = 10_000
MAX_SECONDS = 20.0
PATIENCE = 300.0
VENDOR, OTHER = "twc", "ecdp"
LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
IN_ORDER = f"{MESSAGES:,} messages are delivered in order"
"""Delivery of one message after the other: its time by the clock is that of the scheduler of a busy machine."""

WORKS: dict[str, dict[str, Any]] = {
    f"{MESSAGES:,} messages are delivered": {},
    IN_ORDER: {"ordered": True},
    f"{MESSAGES:,} messages are delivered, signed": {"signing": {"scheme": "hmac-sha256", "secret": "benchmark"}},
}
"""Rule of each measured delivery, beside destination and target."""

FORKED = get_context("fork")


def measure(_options: Options) -> Section:
    """Measure each once, in one server: the messages of a job of every second, whose clock is moved."""
    with _consuming() as (port, count):
        command = [understudy_command(), "serve", "--vendor", VENDOR, "--vendor", OTHER]
        with pinned(SERVER_CORE), running("understudy", command) as server:
            server.await_status(f"{CONTROL_PATH}/health")
            found = Steering.of(server)
            path, headers = f"/@other{found.connections[OTHER]['path']}/customerattributes", _key(found)
            waits: list[Waits] = []
            rows: list[tuple[str, float, float]] = []
            for number, (what, rule) in enumerate(WORKS.items()):
                world = f"sending-{number}"
                _prepare(found, world, {"destination": "*", "target": f"http://{HOST}:{port}/", **rule})
                before, spent, started = count.value, server.processor_time(), time.perf_counter()
                with watching(server, what, path, headers) as watched:
                    found.ask("POST", f"/worlds/{world}/clock/move", {"seconds": MESSAGES})
                    while count.value - before < MESSAGES:
                        if time.perf_counter() - started > PATIENCE:
                            raise ServerFailed(f"only {count.value - before} messages arrived in {PATIENCE:.0f} s")
                        time.sleep(0.01)
                rows.append((what, time.perf_counter() - started, server.processor_time() - spent))
                waits.append(watched)
    return _section(waits, rows)


def _section(waits: list[Waits], rows: list[tuple[str, float, float]]) -> Section:
    tables = (
        Table("Seconds of each", ("", "by the clock", "of the server's processor"), rows),
        Table("Calls of another world meanwhile", COLUMNS, [each.row() for each in waits]),
    )
    limits = [Target(what, seconds, MAX_SECONDS, " s", is_floor=False) for what, seconds, _ in rows if what != IN_ORDER]
    return Section(tables, [*limits, *(each.target() for each in waits)])


def _key(steering: Steering) -> dict[str, str]:
    return {"x-api-key": steering.connections[OTHER]["credentials"]["api_key"]}


def _prepare(steering: Steering, world: str, rule: dict[str, Any]) -> None:
    """Create a world with a frozen clock, one job of every second, and a rule."""
    now = "2026-03-01T12:00:00Z"
    steering.ask("POST", "/worlds", {"name": world, "clock": {"now": now, "rate": 0}})
    token, tenant = sign_in(steering, world)
    body = {"notification": "BACK_IN_STOCK", "schedule": "* * * * * *", "number_of_items_in_email": 3}
    credentials = {"Authorization": f"Bearer {token}", "X-TWC-Tenant": tenant, **HEADERS}
    steering.call(VENDOR, world, "POST", "/services/eventcollector/api/v1/jobs", body, **credentials)
    steering.ask("PUT", f"/worlds/{world}/deliveries/settings", {"deliveries": [rule]})


@contextmanager
def _consuming() -> Iterator[tuple[int, Any]]:
    """Run a consumer in a process of its own; yield its port, and the number of messages that it has received."""
    port, count = FORKED.Value("i", 0), FORKED.Value("i", 0)
    with pinned(LOAD_CORE):
        process = FORKED.Process(target=_consume, args=(port, count), daemon=True)
        process.start()
    try:
        while not port.value:
            time.sleep(0.01)
        yield port.value, count
    finally:
        process.terminate()
        process.join()


def _consume(port: Any, count: Any) -> None:
    asyncio.run(_serve(port, count))


async def _serve(port: Any, count: Any) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):  # the end of the connection
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = LENGTH.search(head)
                await reader.readexactly(int(length[1]) if length else 0)
                count.value += 1
                writer.write(ANSWER)

    server = await asyncio.start_server(answer, HOST, 0)
    port.value = server.sockets[0].getsockname()[1]
    await server.serve_forever()
