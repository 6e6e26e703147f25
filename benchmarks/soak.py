"""Soak test of ten minutes: all vendors, many worlds, resets, snapshots and faults at once. `make soak` runs it.

It fails for a response of 5xx that no fault has caused, and if the process grows.
"""

import asyncio
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

import click
import httpx

from benchmarks.servers import HOST, Server, ServerFailed, running, understudy_command
from understudy.app import Understudy, create_app
from understudy.contract.example_requests import ExampleRequest, example_requests
from understudy.settings import MEBIBYTE, Settings

API = "/_understudy/api"
LARGEST = 50_000
TASKS = 8
CALLS_A_ROUND = 150
JOURNAL = "100"
"""Number of exchanges that a world keeps; it is less than a round of calls, so that journals are soon full."""

FAULT = {"kind": "status", "status": 503, "probability": 0.05}
WARM_UP, GROWTH = 0.3, 0.05
"""Share of the time before memory is first measured, and the share by which it may grow from there."""


@dataclass(slots=True)
class Counts:
    """Counts of calls, rounds, statuses and faults; wrong responses; memory in MB over time."""

    calls: int = 0
    rounds: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: int = 0
    wrong: list[str] = field(default_factory=list)
    held: list[float] = field(default_factory=list)

    def count(self, call: str, answer: httpx.Response) -> None:
        """Count a response, and store the description of a wrong one."""
        self.calls += 1
        self.statuses[answer.status_code] += 1
        if answer.headers.get("understudy-refused-by") == "fault":
            self.faults += 1
        elif answer.status_code >= 500:
            self.wrong.append(f"{call}: {answer.status_code} {answer.text[:200]}")


class WorldClient:
    """Client that repeats rounds of calls in one world."""

    def __init__(self, number: int, understudy: Understudy, calls: list[ExampleRequest], counts: Counts) -> None:
        """Send these calls, signed in by ``understudy``: a world has the same keys in every process."""
        self._world = f"soak-{number}"
        self._random = Random(number)  # noqa: S311 - repeatable on purpose
        self._understudy = understudy
        self._calls = calls
        self._counts = counts

    async def run(self, client: httpx.AsyncClient, until: float) -> None:
        """Repeat rounds until a time of the monotonic clock: add a fault, call, read, fork, reset."""
        steering = f"{API}/worlds/{self._world}"
        await client.post(f"{API}/worlds", json={"name": self._world})
        while time.monotonic() < until:
            self._understudy.worlds.get_or_create(self._world)
            await client.post(f"{steering}/faults", json=FAULT)
            for call in self._random.sample(self._calls, CALLS_A_ROUND):
                self._counts.count(str(call), await self._send(client, call))
            for look in ("journal", "journal/har", "snapshot", "sent"):
                self._counts.count(look, await client.get(f"{steering}/{look}"))
            await client.post(f"{API}/worlds/{self._world}/fork", json={"name": f"{self._world}-copy"})
            await client.put(f"{API}/snapshots/{self._world}", json={"world": f"{self._world}-copy"})
            await client.delete(f"{API}/worlds/{self._world}-copy")
            await client.post(f"{steering}/clock/move", json={"hours": 1})
            self._counts.count("reset", await client.post(f"{steering}/reset"))
            self._understudy.worlds.reset(self._world)
            self._counts.rounds += 1

    async def _send(self, client: httpx.AsyncClient, call: ExampleRequest) -> httpx.Response:
        served = self._understudy.vendors[call.operation.vendor]
        headers = dict(call.headers)
        if served.vendor.sign_in and not call.is_anonymous:
            state = self._understudy.worlds.get_or_create(self._world).vendors[call.operation.vendor]
            headers |= served.vendor.sign_in(state, call.role)
        url = f"/@{self._world}{served.base_path}{call.target}"
        return await client.request(call.operation.method, url, headers=headers, content=call.body)


def planned_calls(understudy: Understudy) -> list[ExampleRequest]:
    """Return the example requests of all operations, without bodies over ``LARGEST`` bytes."""
    return [
        call
        for served in understudy.vendors.values()
        for operation in served.operations
        for call in example_requests(served.document, operation, MEBIBYTE)
        if len(call.body) < LARGEST
    ]


async def soak(server: Server, seconds: float) -> Counts:
    """Run all clients for ``seconds``, and measure the server's memory meanwhile."""
    understudy, counts = create_app(Settings()), Counts()
    calls = planned_calls(understudy)
    started = time.monotonic()
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{server.port}", timeout=60) as client:
        clients = [WorldClient(number, understudy, calls, counts) for number in range(TASKS)]
        tasks = [asyncio.create_task(each.run(client, started + seconds)) for each in clients]
        await asyncio.sleep(seconds * WARM_UP)
        while not all(task.done() for task in tasks):
            counts.held.append(server.memory().rss)
            await asyncio.sleep(max(seconds / 100, 0.5))
        await asyncio.gather(*tasks)
    return counts


@click.command()
@click.option("--seconds", type=click.FloatRange(min=5), default=600, show_default=True, help="For how long.")
def main(seconds: float) -> None:
    """Put a mixed load on a server; fail for a wrong response, or if memory grows."""
    with running("understudy serve", [understudy_command(), "serve", "--journal", JOURNAL]) as server:
        server.await_status(f"{API}/health")
        try:
            counts = asyncio.run(soak(server, seconds))
        except (httpx.HTTPError, ServerFailed) as error:
            raise server.failed(f"did not hold: {error!r}") from error
    third = max(len(counts.held) // 3, 1)
    early, late = (sum(part) / len(part) for part in (counts.held[:third], counts.held[-third:]))
    print(f"{counts.calls} calls in {counts.rounds} rounds of {TASKS} worlds, {counts.faults} of them struck by faults")
    print(f"statuses: {dict(sorted(counts.statuses.items()))}")
    print(f"memory: {early:.1f} MB in the first third after the warm-up, {late:.1f} MB in the last")
    problems = counts.wrong[:20]
    if late > early * (1 + GROWTH):
        problems.append(f"memory grew from {early:.1f} to {late:.1f} MB")
    print(*problems, sep="\n", file=sys.stderr)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
