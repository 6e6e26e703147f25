"""Ten minutes of everything at once: all vendors, many worlds, resets, snapshots and faults. `make soak` runs it.

Every answer is one that was to be expected, none is a 5xx but those asked for, and the process does not grow.
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
"""Less than a round of calls: what every world keeps is soon as much as it will ever be."""

FAULT = {"kind": "status", "status": 503, "probability": 0.05}
WARM_UP, GROWTH = 0.3, 0.05
"""After what share of the time memory is first looked at, and by which share it may grow from there."""


@dataclass(slots=True)
class Tally:
    """What came of it."""

    calls: int = 0
    rounds: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: int = 0
    wrong: list[str] = field(default_factory=list)
    held: list[float] = field(default_factory=list)

    def count(self, call: str, answer: httpx.Response) -> None:
        """Count an answer; remember one that should not have been."""
        self.calls += 1
        self.statuses[answer.status_code] += 1
        if answer.headers.get("understudy-refused-by") == "fault":
            self.faults += 1
        elif answer.status_code >= 500:
            self.wrong.append(f"{call}: {answer.status_code} {answer.text[:200]}")


class Player:
    """Plays one world over and over."""

    def __init__(self, number: int, understudy: Understudy, calls: list[ExampleRequest], tally: Tally) -> None:
        """Send these calls; ``understudy`` signs them in, for the same world has the same keys in every process."""
        self._world = f"soak-{number}"
        self._chance = Random(number)  # noqa: S311 - repeatable on purpose
        self._understudy = understudy
        self._calls = calls
        self._tally = tally

    async def play(self, client: httpx.AsyncClient, until: float) -> None:
        """Begin, call, look, and begin anew, until the time is up."""
        steering = f"{API}/worlds/{self._world}"
        await client.post(f"{API}/worlds", json={"name": self._world})
        while time.monotonic() < until:
            self._understudy.worlds.get_or_create(self._world)
            await client.post(f"{steering}/faults", json=FAULT)
            for call in self._chance.sample(self._calls, CALLS_A_ROUND):
                self._tally.count(str(call), await self._send(client, call))
            for look in ("journal", "journal/har", "snapshot", "sent"):
                self._tally.count(look, await client.get(f"{steering}/{look}"))
            await client.post(f"{API}/worlds/{self._world}/fork", json={"name": f"{self._world}-copy"})
            await client.put(f"{API}/snapshots/{self._world}", json={"world": f"{self._world}-copy"})
            await client.delete(f"{API}/worlds/{self._world}-copy")
            await client.post(f"{steering}/clock/move", json={"hours": 1})
            self._tally.count("reset", await client.post(f"{steering}/reset"))
            self._understudy.worlds.reset(self._world)
            self._tally.rounds += 1

    async def _send(self, client: httpx.AsyncClient, call: ExampleRequest) -> httpx.Response:
        served = self._understudy.vendors[call.operation.vendor]
        headers = dict(call.headers)
        if served.vendor.sign_in and not call.is_anonymous:
            part = self._understudy.worlds.get_or_create(self._world).vendors[call.operation.vendor]
            headers |= served.vendor.sign_in(part, call.role)
        url = f"/@{self._world}{served.base_path}{call.target}"
        return await client.request(call.operation.method, url, headers=headers, content=call.body)


def planned(understudy: Understudy) -> list[ExampleRequest]:
    """Return the calls of all examples but those with a body over the limit."""
    return [
        call
        for served in understudy.vendors.values()
        for operation in served.operations
        for call in example_requests(served.document, operation, MEBIBYTE)
        if len(call.body) < LARGEST
    ]


async def soak(server: Server, seconds: float) -> Tally:
    """Have every player play for so long, and watch what the server holds."""
    understudy, tally = create_app(Settings()), Tally()
    calls = planned(understudy)
    started = time.monotonic()
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{server.port}", timeout=60) as client:
        players = [Player(number, understudy, calls, tally) for number in range(TASKS)]
        playing = [asyncio.create_task(player.play(client, started + seconds)) for player in players]
        await asyncio.sleep(seconds * WARM_UP)
        while not all(task.done() for task in playing):
            tally.held.append(server.memory().rss)
            await asyncio.sleep(max(seconds / 100, 0.5))
        await asyncio.gather(*playing)
    return tally


@click.command()
@click.option("--seconds", type=click.FloatRange(min=5), default=600, show_default=True, help="For how long.")
def main(seconds: float) -> None:
    """Put a mixed load on the stand-in; fail for an answer that should not have been, or for memory that grows."""
    with running("understudy serve", [understudy_command(), "serve", "--journal", JOURNAL]) as server:
        server.await_status(f"{API}/health")
        try:
            tally = asyncio.run(soak(server, seconds))
        except (httpx.HTTPError, ServerFailed) as error:
            raise server.failed(f"did not hold: {error!r}") from error
    third = max(len(tally.held) // 3, 1)
    early, late = (sum(part) / len(part) for part in (tally.held[:third], tally.held[-third:]))
    print(f"{tally.calls} calls in {tally.rounds} rounds of {TASKS} worlds, {tally.faults} of them struck by faults")
    print(f"statuses: {dict(sorted(tally.statuses.items()))}")
    print(f"memory: {early:.1f} MB in the first third after the warm-up, {late:.1f} MB in the last")
    problems = tally.wrong[:20]
    if late > early * (1 + GROWTH):
        problems.append(f"memory grew from {early:.1f} to {late:.1f} MB")
    print(*problems, sep="\n", file=sys.stderr)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
