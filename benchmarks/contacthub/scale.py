"""A node with 100,000 customers beside one with few: the app is asked in this process, without sockets."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from statistics import median
from typing import Any

import orjson

from benchmarks.contacthub.asking import Asker
from benchmarks.contacthub.customers import (
    VENDOR,
    customer_id,
    email,
    external_id,
    numbered,
    settle,
    typical_customers,
    world_of,
)
from benchmarks.contacthub.searches import SEARCHES, Search, equals
from benchmarks.report import Cell, Options, Section, Table, Target
from benchmarks.servers import ServerFailed
from understudy.app import create_app
from understudy.core.json_types import Json
from understudy.settings import Settings
from understudy.state.vendor_state import VendorState
from understudy.vendors.contacthub.start_data.fixed_ids import ENTRY_NODE
from understudy.vendors.contacthub.tables import CUSTOMERS

FEW, MANY = 1_000, 100_000
ASKED_A_ROUND = 200
STRIDE = 7919
"""A prime: whoever is asked for lies far from whoever was before."""
MOST = 1.5
LONGEST_WAIT = 50.0


@dataclass(frozen=True, slots=True)
class Crowd:
    """A node with so many customers, and one who asks about them."""

    count: int
    world: VendorState
    asker: Asker
    bodies: list[Json]

    @classmethod
    def of(cls, count: int) -> "Crowd":
        """Return an app of its own whose node has so many typical customers more than at the start."""
        understudy = create_app(Settings(vendors=(VENDOR,)))
        world = world_of(understudy)
        bodies = typical_customers(world)
        settle(world, bodies, count)
        return cls(count, world, Asker.of(understudy), bodies)

    def someone(self, turn: int) -> int:
        """Return the number of a customer, another one each turn."""
        return turn * STRIDE % self.count

    async def read(self, turn: int) -> None:
        """Read a customer by its id."""
        await self.asker.read(self.someone(turn))

    async def merge(self, turn: int) -> None:
        """Create a customer that is there already, under another first name."""
        number = self.someone(turn)
        body = numbered(self.bodies[number % len(self.bodies)], number)
        await self.asker.create(body | {"base": {**body["base"], "firstName": f"Merged {turn}"}})

    async def search_external_id(self, turn: int) -> None:
        """Search by the external id."""
        await self._search_one(turn, externalId=external_id(self.someone(turn)))

    async def search_email(self, turn: int) -> None:
        """Search by the e-mail address, in a query."""
        await self._search_one(turn, query=equals("base.contacts.email", email(self.someone(turn))))

    async def search(self, **parameters: str) -> int:
        """Search, and return how many customers there are."""
        total: int = orjson.loads(await self.asker.search(nodeId=ENTRY_NODE, **parameters))["page"]["totalElements"]
        return total

    async def _search_one(self, turn: int, **parameters: str) -> None:
        if await self.search(**parameters) != 1:
            raise ServerFailed(f"a search for {customer_id(self.someone(turn))} does not find it alone")

    def loop(self, search: Search) -> int:
        """Count those whom a query is for as one would without it."""
        found = 0
        for customer in self.world.collection(CUSTOMERS):
            if customer["nodeId"] == ENTRY_NODE and search.holds(customer):
                found += 1
        return found


Act = Callable[[Crowd, int], Awaitable[None]]
BY_ONE: dict[str, Act] = {
    "GET by id": Crowd.read,
    "create that merges": Crowd.merge,
    "search by externalId": Crowd.search_external_id,
    "search by a query, EQUALS on base.contacts.email": Crowd.search_email,
}


def measure_scale(options: Options) -> Section:
    """Measure what is asked of one customer, then what is asked of all."""
    few, many = Crowd.of(FEW), Crowd.of(MANY)
    gc.freeze()
    with asyncio.Runner() as runner:
        return runner.run(_measure(few, many, options))


async def _measure(few: Crowd, many: Crowd, options: Options) -> Section:
    one = [await _compare(what, act, few, many, options) for what, act in BY_ONE.items()]
    all_ = [await _search_all(search, many, options) for search in SEARCHES]
    waits = [wait for search in SEARCHES for wait in await _waits(search, many)]
    longest = max(spent for _, spent in waits)
    tables = (
        Table(
            f"One customer: us a request in this process, median of {options.rounds * ASKED_A_ROUND}, taking turns",
            ("", f"of {FEW:,}", f"of {MANY:,}", "times"),
            one,
        ),
        Table(
            f"An arbitrary query over {MANY:,} customers: seconds, median of {options.rounds}, taking turns",
            ("", "found", "loop by hand", "search", "times"),
            all_,
        ),
        Table(
            "GETs by id while each of these searches runs: ms until answered",
            ("answered", "median", "longest", "longest, of processor time"),
            [(float(len(waits)), median(wait for wait, _ in waits), max(wait for wait, _ in waits), longest)],
        ),
    )
    targets = [
        Target(f"{row[0]}, {MANY:,} / {FEW:,} customers", float(row[-1]), MOST, "x", is_floor=False) for row in one
    ]
    slowest = max(float(row[-1]) for row in all_)
    targets.append(Target("slowest arbitrary query / loop by hand", slowest, MOST, "x", is_floor=False))
    targets.append(
        Target("longest wait while one runs, of processor time", longest, LONGEST_WAIT, " ms", is_floor=False)
    )
    notes = [
        "Both nodes were filled in this process, by the function with which the vendor's behaviour keeps a customer.",
        "Loop and search decode each record with orjson and find as many; the loop counts, the search answers a page.",
    ]
    return Section(tables, targets, notes)


async def _compare(what: str, act: Act, few: Crowd, many: Crowd, options: Options) -> tuple[Cell, ...]:
    took: dict[int, list[float]] = {few.count: [], many.count: []}
    for turn in range(options.rounds * ASKED_A_ROUND):
        for crowd in (few, many):
            took[crowd.count].append(await _timed(act(crowd, turn)))
    small, large = (median(each) * 1e6 for each in took.values())
    return what, small, large, large / small


async def _search_all(search: Search, crowd: Crowd, options: Options) -> tuple[Cell, ...]:
    loops: list[float] = []
    searches: list[float] = []
    found = 0
    for _ in range(options.rounds):
        started = time.perf_counter()
        found = crowd.loop(search)
        loops.append(time.perf_counter() - started)
        searches.append(await _timed(_expect(crowd, search, found)))
    loop, asked = median(loops), median(searches)
    return search.what, float(found), loop, asked, asked / loop


async def _expect(crowd: Crowd, search: Search, found: int) -> None:
    total = await crowd.search(query=search.query)
    if total != found:
        raise ServerFailed(f"the query for {search.what} finds {total}, the loop {found}")


async def _waits(search: Search, crowd: Crowd) -> list[tuple[float, float]]:
    """Read customers while a search runs; return how long each was on its way, in ms of the clock and the processor.

    The processor's time is what the search has taken of it, whatever else the machine does.
    """
    running = asyncio.create_task(crowd.search(query=search.query))
    waits: list[tuple[float, float]] = []
    while not running.done():
        spent = time.process_time()
        took = await _timed(_after_others(crowd.read(len(waits))))
        waits.append((took * 1000, (time.process_time() - spent) * 1000))
    await running
    return waits


async def _after_others(asked: Coroutine[Any, Any, None]) -> None:
    """Ask as a client on a socket does: whatever is ready has its turn first."""
    await asyncio.sleep(0)
    await asked


async def _timed(asked: Awaitable[None]) -> float:
    started = time.perf_counter()
    await asked
    return time.perf_counter() - started
