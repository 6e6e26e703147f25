"""App called in process on asyncio and on trio: every operation, delay and broken connection works on both."""

import time
from typing import Any

import anyio
import httpx
import pytest

from tests.acme import Company, operation_spec
from tests.conftest import world_name
from tests.contract.conftest import calls, found
from understudy.app import Understudy
from understudy.contract.example_requests import ExampleRequest
from understudy.core.world_names import CONTROL_PATH
from understudy.state.faults import Fault
from understudy.state.world import World

LOOPS = ("asyncio", "trio")
DELAY = 0.2


@pytest.fixture
def world(understudy: Understudy, request: pytest.FixtureRequest) -> World:
    return understudy.worlds.get_or_create(world_name(request.node.nodeid))


def client_of(understudy: Understudy) -> httpx.AsyncClient:
    app: Any = understudy.asgi
    return httpx.AsyncClient(transport=httpx.ASGITransport(app))


def ask(
    loop: str, understudy: Understudy, world: World, vendor: str, path: str, method: str = "GET", body: Any = None
) -> tuple[httpx.Response, float]:
    """Return the response to one request that is sent on an event loop, and how long it took."""
    served = understudy.vendors[vendor]
    assert served.vendor.sign_in
    headers = served.vendor.sign_in(world.vendors[vendor])
    url = f"http://127.0.0.1/@{world.name}{served.base_path}{path}"

    async def send() -> tuple[httpx.Response, float]:
        async with client_of(understudy) as client:
            started = time.perf_counter()
            response = await client.request(method, url, headers=headers, json=body)
            return response, time.perf_counter() - started

    return anyio.run(send, backend=loop)


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize(
    ("fault", "status", "least"),
    [
        (Fault("latency", delay=DELAY), 200, DELAY),
        (Fault("latency", delay=DELAY, when="after"), 200, DELAY),
        (Fault("slow", delay=DELAY, when="after"), 200, DELAY),
        (Fault("slow", delay=DELAY, status=502), 502, DELAY),
        (Fault("status", status=503), 503, 0),
        (Fault("throttle"), 429, 0),
        (Fault("malformed", when="after"), 200, 0),
    ],
    ids=lambda value: getattr(value, "kind", None),
)
def test_a_fault_takes_effect(
    understudy: Understudy, world: World, loop: str, fault: Fault, status: int, least: float
) -> None:
    world.faults.add(fault, world.clock.timestamp())

    response, seconds = ask(loop, understudy, world, "ecdp", "/customerattributes")

    assert response.status_code == status
    assert least <= seconds < least + 5
    world.faults.clear()


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("kind", ["drop", "truncate"])
def test_a_dropped_connection_is_an_error_of_the_connection(
    understudy: Understudy, world: World, loop: str, kind: str
) -> None:
    world.faults.add(Fault(kind, when="after"), world.clock.timestamp())

    with pytest.raises(ConnectionResetError):
        ask(loop, understudy, world, "ecdp", "/customerattributes")


LONG = """
from understudy.core.reply import Reply

def get_thing(state):
    for _ in range(3):
        yield
    yield Reply({"name": "small"})
    for _ in range(3):
        yield
    state.collection("things").put({"id": "done"})
"""
TABLES = """
from understudy.core.table import Table

TABLES = (Table("things"),)
"""


@pytest.mark.parametrize("loop", LOOPS)
def test_a_long_operation_runs_all_its_steps(company: Company, loop: str) -> None:
    company.write_spec("acme", operation_spec())
    company.write_folder("acme", {"operations/things": LONG, "tables": TABLES})
    acme = company.start()

    async def send() -> httpx.Response:
        async with client_of(acme) as client:
            return await client.get("http://127.0.0.1/acme/thing")

    response = anyio.run(send, backend=loop)

    assert (response.status_code, response.json()) == (200, {"name": "small"})
    assert acme.worlds.get_or_create().vendors["acme"].collection("things").get("done") == {"id": "done"}


@pytest.mark.parametrize("loop", LOOPS)
def test_every_operation_answers(understudy: Understudy, world: World, loop: str) -> None:
    examples = calls(*found().values())
    broken: list[tuple[str, Any]] = []

    async def send(client: httpx.AsyncClient, example: ExampleRequest) -> None:
        served = understudy.vendors[example.operation.vendor]
        assert served.vendor.sign_in
        signed = served.vendor.sign_in(world.vendors[served.vendor.name], example.role)
        url = f"http://127.0.0.1/@{world.name}{served.base_path}{example.target}"
        response = await client.request(
            example.operation.method, url, headers={**signed, **example.headers}, content=example.body
        )
        if response.status_code == 500:
            broken.append((str(example), response.text))

    async def send_all() -> None:
        async with client_of(understudy) as client:
            for example in examples:
                if len(example.body) < 100_000:
                    await send(client, example)

    anyio.run(send_all, backend=loop)

    assert broken == []


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("path", ["worlds", "worlds/main/snapshot", "health"])
def test_the_control_api_answers(understudy: Understudy, loop: str, path: str) -> None:
    understudy.worlds.get_or_create()

    async def send() -> int:
        async with client_of(understudy) as client:
            return (await client.get(f"http://127.0.0.1{CONTROL_PATH}/{path}")).status_code

    assert anyio.run(send, backend=loop) == 200


def test_the_console_is_refused_on_trio_in_one_line(understudy: Understudy) -> None:
    async def send() -> tuple[int, str]:
        async with client_of(understudy) as client:
            response = await client.get("http://127.0.0.1/")
            return response.status_code, response.text

    assert anyio.run(send, backend="trio") == (
        404,
        "no vendor and no operation of the control API is at /; the pages of Understudy are served on asyncio only\n",
    )
    assert anyio.run(send, backend="asyncio")[0] == 200
