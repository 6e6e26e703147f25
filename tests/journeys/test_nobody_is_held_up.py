"""Longest time for which the control API stops another world's calls, in processor time of the server's thread."""

import asyncio
import gc
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.asgi import call
from understudy.app import Understudy, create_app
from understudy.core.world_names import CONTROL_PATH
from understudy.settings import Settings

MAX_WAIT = 0.05
MAX_SECONDS = 20.0
JSON = {"content-type": "application/json"}
SCENARIO = "seed: 7\nclock: '2026-03-02T09:00:00Z'\npeople: {people}\nmerchants: 5\nshops: 20\nproducts: 200\n"
SIZES = [
    3000,
    pytest.param(36_000, marks=pytest.mark.deep),
    pytest.param(100_000, marks=pytest.mark.deep),
]


@pytest.fixture(scope="module", params=SIZES)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Understudy]:
    """Server with a world ``large`` of many customers; a small one is the start scenario's."""
    path: Path = tmp_path_factory.mktemp("scenario") / "large.yaml"
    path.write_text(SCENARIO.format(people=request.param))
    understudy = create_app(Settings(vendors=("contacthub", "twc"), scenario=path))
    understudy.worlds.get_or_create("large").clock.set(rate=0)
    yield understudy
    understudy.worlds.delete("large")


class Answers:
    """Response to a call, with the longest wait of another call meanwhile and the time that all took."""

    def __init__(self) -> None:
        self.status = 0
        self.body = bytearray()
        self.longest = 0.0
        self.others = 0
        self.seconds = 0.0


def steer(
    served: Understudy, method: str, path: str, body: bytes = b"", given: Mapping[str, str] | None = None
) -> Answers:
    """Call the control API, or a whole path, while another client asks for its turn again and again."""
    found = Answers()
    pieces = [body[start : start + 65536] for start in range(0, len(body), 65536)] or [b""]
    position = 0

    async def receive() -> dict[str, Any]:
        nonlocal position
        position += 1
        return {"type": "http.request", "body": pieces[position - 1], "more_body": position < len(pieces)}

    async def send(message: dict[str, Any]) -> None:
        found.status = message.get("status", found.status)
        found.body += message.get("body", b"")

    async def others(work: asyncio.Future[None]) -> None:
        while not work.done():
            started = time.thread_time()
            await asyncio.sleep(0)
            found.longest = max(found.longest, time.thread_time() - started)
            found.others += 1

    async def both() -> None:
        is_whole = path.startswith((CONTROL_PATH, "/@"))
        target, _, query = (path if is_whole else CONTROL_PATH + path).partition("?")
        scope = {"type": "http", "method": method, "path": target, "raw_path": target.encode()}
        headers = [(b"host", b"127.0.0.1")]
        headers += [(name.lower().encode(), value.encode()) for name, value in (given or JSON).items()]
        whole = {**scope, "query_string": query.encode(), "headers": headers}
        work: asyncio.Future[None] = asyncio.ensure_future(served.asgi(whole, receive, send))
        await others(work)
        work.result()

    gc.collect()
    gc.disable()  # a server's collector is tuned, and this process has the objects of all tests
    started = time.thread_time()
    try:
        asyncio.run(both())
    finally:
        gc.enable()
    found.seconds = time.thread_time() - started
    return found


def assert_undisturbed(found: Answers, status: int = 200) -> None:
    assert found.status == status, bytes(found.body[:500])
    assert found.longest < MAX_WAIT


def test_a_world_is_built_in_turns(served: Understudy) -> None:
    body = json.dumps({"name": "built", "from": {"scenario": served.worlds.scenarios[0]}, "seed": 8}).encode()

    found = steer(served, "POST", "/worlds", body)

    assert_undisturbed(found, 201)
    assert found.others > 20
    assert_undisturbed(steer(served, "DELETE", "/worlds/built"), 204)


def test_a_snapshot_goes_out_and_back_in_turns(served: Understudy) -> None:
    taken = steer(served, "GET", "/worlds/large/snapshot")
    assert_undisturbed(taken)
    served.worlds.get_or_create("large").vendors["contacthub"].collection("customers").clear()

    restored = steer(served, "POST", "/worlds/large/restore", bytes(taken.body))
    assert_undisturbed(restored)

    assert min(taken.others, restored.others) > 20
    assert max(taken.seconds, restored.seconds) < MAX_SECONDS
    assert steer(served, "GET", "/worlds/large/snapshot").body == taken.body


def test_a_large_world_is_reset_and_copied_at_once(served: Understudy) -> None:
    assert_undisturbed(steer(served, "POST", "/worlds/large/reset"))
    assert_undisturbed(steer(served, "POST", "/worlds/large/fork", b'{"name": "twin"}'), 201)
    assert_undisturbed(steer(served, "DELETE", "/worlds/twin"), 204)


def test_thousands_of_records_are_listed_in_turns(served: Understudy) -> None:
    assert_undisturbed(steer(served, "GET", "/worlds/large/collections/contacthub/customers?limit=10000"))


@pytest.fixture
def jobs(served: Understudy) -> Iterator[str]:
    """World with twenty jobs of every second, at a frozen time."""
    name = "jobs"
    world = served.worlds.get_or_create(name)
    world.clock.set(rate=0)
    vendor = served.vendors["twc"]
    assert vendor.vendor.sign_in
    headers = {**JSON, **vendor.vendor.sign_in(world.vendors["twc"]), "X-TWC-Tenant": "understudy"}
    body = json.dumps({"notification": "BACK_IN_STOCK", "schedule": "* * * * * *", "number_of_items_in_email": 3})
    for _ in range(20):
        target = f"/@{name}{vendor.base_path}/services/eventcollector/api/v1/jobs"
        assert call(served.asgi, "POST", target, headers=headers, body=body.encode()).status == 201
    yield name
    served.worlds.delete(name)


def test_a_clock_moves_over_firings_without_making_them(served: Understudy, jobs: str) -> None:
    found = steer(served, "POST", f"/worlds/{jobs}/clock/move", b'{"days": 1}')

    assert_undisturbed(found)
    assert len(served.worlds.get_or_create(jobs).vendors["twc"].outbox) == 0


def test_the_firings_of_a_day_are_made_in_turns_when_read(served: Understudy, jobs: str) -> None:
    steer(served, "POST", f"/worlds/{jobs}/clock/move", b'{"days": 1}')

    found = steer(served, "GET", f"/worlds/{jobs}/sent?limit=100000")

    assert_undisturbed(found)
    assert found.others > 20
    assert len(json.loads(bytes(found.body))) == 50_000


def test_a_clock_at_the_highest_rate_holds_nobody_up(served: Understudy, jobs: str) -> None:
    assert_undisturbed(steer(served, "PUT", f"/worlds/{jobs}/clock", b'{"rate": 86400}'))
    time.sleep(0.2)

    assert_undisturbed(steer(served, "GET", f"/worlds/{jobs}/sent"))
    assert_undisturbed(steer(served, "PUT", f"/worlds/{jobs}/clock", b'{"rate": 0}'))


def test_a_full_journal_is_verified_in_turns(served: Understudy) -> None:
    served.worlds.get_or_create("calls")
    for number in range(300):
        call(served.asgi, "GET", f"/@calls/twc/nowhere?number={number}")
    expect = [{"calls": {"query": {"number": str(number)}}, "exactly": 1} for number in range(100)]

    found = steer(served, "POST", "/worlds/calls/verify", json.dumps({"expect": expect}).encode())

    assert_undisturbed(found)
    for path in ("journal", "journal/har", "journal/curl"):
        assert_undisturbed(steer(served, "GET", f"/worlds/calls/{path}"))
