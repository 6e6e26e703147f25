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
    add_customers,
    customer_id,
    email,
    external_id,
    numbered,
    state_of,
    typical_customers,
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
"""Prime step between the numbers of customers, so that each is far from the one before."""
MAX_RATIO = 1.5
MAX_WAIT = 50.0


@dataclass(frozen=True, slots=True)
class Node:
    """Node with ``count`` customers, and a client of it."""

    count: int
    state: VendorState
    asker: Asker
    bodies: list[Json]

    @classmethod
    def of(cls, count: int) -> "Node":
        """Return a node with ``count`` typical customers beside those of the start data, in an app of its own."""
        understudy = create_app(Settings(vendors=(VENDOR,)))
        state = state_of(understudy)
        bodies = typical_customers(state)
        add_customers(state, bodies, count)
        return cls(count, state, Asker.of(understudy), bodies)

    def number_of(self, turn: int) -> int:
        """Return the number of a customer, a different one each turn."""
        return turn * STRIDE % self.count

    async def read(self, turn: int) -> None:
        """Read a customer by its id."""
        await self.asker.read(self.number_of(turn))

    async def merge(self, turn: int) -> None:
        """Create a customer that exists already, with another first name."""
        number = self.number_of(turn)
        body = numbered(self.bodies[number % len(self.bodies)], number)
        await self.asker.create(body | {"base": {**body["base"], "firstName": f"Merged {turn}"}})

    async def search_external_id(self, turn: int) -> None:
        """Search by the external id."""
        await self._search_one(turn, externalId=external_id(self.number_of(turn)))

    async def search_email(self, turn: int) -> None:
        """Search by the e-mail address, in a query."""
        await self._search_one(turn, query=equals("base.contacts.email", email(self.number_of(turn))))

    async def search(self, **parameters: str) -> int:
        """Search, and return the total number of customers found."""
        total: int = orjson.loads(await self.asker.search(nodeId=ENTRY_NODE, **parameters))["page"]["totalElements"]
        return total

    async def _search_one(self, turn: int, **parameters: str) -> None:
        if await self.search(**parameters) != 1:
            raise ServerFailed(f"a search for {customer_id(self.number_of(turn))} does not find it alone")

    def loop(self, search: Search) -> int:
        """Count the customers of a query by a loop over all, without the query."""
        found = 0
        for customer in self.state.collection(CUSTOMERS):
            if customer["nodeId"] == ENTRY_NODE and search.holds(customer):
                found += 1
        return found


Act = Callable[[Node, int], Awaitable[None]]
BY_ONE: dict[str, Act] = {
    "GET by id": Node.read,
    "create that merges": Node.merge,
    "search by externalId": Node.search_external_id,
    "search by a query, EQUALS on base.contacts.email": Node.search_email,
}


def measure_scale(options: Options) -> Section:
    """Measure requests for one customer, then searches over all."""
    few, many = Node.of(FEW), Node.of(MANY)
    gc.freeze()
    with asyncio.Runner() as runner:
        return runner.run(_measure(few, many, options))


async def _measure(few: Node, many: Node, options: Options) -> Section:
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
        Target(f"{row[0]}, {MANY:,} / {FEW:,} customers", float(row[-1]), MAX_RATIO, "x", is_floor=False) for row in one
    ]
    slowest = max(float(row[-1]) for row in all_)
    targets.append(Target("slowest arbitrary query / loop by hand", slowest, MAX_RATIO, "x", is_floor=False))
    targets.append(Target("longest wait while one runs, of processor time", longest, MAX_WAIT, " ms", is_floor=False))
    notes = [
        "Both nodes were filled in this process, by the function with which the vendor's behaviour keeps a customer.",
        "Loop and search decode each record with orjson and find as many; the loop counts, the search answers a page.",
    ]
    return Section(tables, targets, notes)


async def _compare(what: str, act: Act, few: Node, many: Node, options: Options) -> tuple[Cell, ...]:
    took: dict[int, list[float]] = {few.count: [], many.count: []}
    for turn in range(options.rounds * ASKED_A_ROUND):
        for node in (few, many):
            took[node.count].append(await _timed(act(node, turn)))
    small, large = (median(each) * 1e6 for each in took.values())
    return what, small, large, large / small


async def _search_all(search: Search, node: Node, options: Options) -> tuple[Cell, ...]:
    loops: list[float] = []
    searches: list[float] = []
    found = 0
    for _ in range(options.rounds):
        started = time.perf_counter()
        found = node.loop(search)
        loops.append(time.perf_counter() - started)
        searches.append(await _timed(_expect(node, search, found)))
    loop, asked = median(loops), median(searches)
    return search.what, float(found), loop, asked, asked / loop


async def _expect(node: Node, search: Search, found: int) -> None:
    total = await node.search(query=search.query)
    if total != found:
        raise ServerFailed(f"the query for {search.what} finds {total}, the loop {found}")


async def _waits(search: Search, node: Node) -> list[tuple[float, float]]:
    """Read customers while a search runs; return the time of each in ms, by the clock and of the processor.

    The processor time does not depend on other load of the machine.
    """
    running = asyncio.create_task(node.search(query=search.query))
    waits: list[tuple[float, float]] = []
    while not running.done():
        spent = time.process_time()
        took = await _timed(_after_others(node.read(len(waits))))
        waits.append((took * 1000, (time.process_time() - spent) * 1000))
    await running
    return waits


async def _after_others(asked: Coroutine[Any, Any, None]) -> None:
    """Ask after all ready tasks have run, as a client on a socket does."""
    await asyncio.sleep(0)
    await asked


async def _timed(asked: Awaitable[None]) -> float:
    started = time.perf_counter()
    await asked
    return time.perf_counter() - started
