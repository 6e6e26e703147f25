"""Contacthub's analytics over many records, beside DuckDB asked the same of the same rows in the same run."""

import gc
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.hub_rows import CUSTOMERS_HELD, EVENTS_HELD, Json, Rows, clear, fill, load
from benchmarks.report import Cell, Options, Section, Table, Target
from understudy.app import create_app
from understudy.core.caller import Caller
from understudy.core.reply import Reply
from understudy.settings import Settings
from understudy.state.world import World
from understudy.vendors.contacthub.examples import WORKSPACE
from understudy.vendors.contacthub.operations.customer_analytics import (
    count_customer_events_by_category,
    count_customers,
    count_customers_by_channel,
    count_customers_by_creation_date,
    count_customers_by_update_date,
    get_customer_buying_behaviors,
    list_node_stats,
)
from understudy.vendors.contacthub.operations.event_analytics import (
    count_events_by_type_and_context,
    count_events_by_update_date,
    get_ecommerce_kpis,
    get_purchase_kpis,
    get_web_kpis,
)
from understudy.vendors.contacthub.retention import earliest_kept
from understudy.vendors.contacthub.stamps import write_time

Operation = Callable[..., Generator[None, None, Reply]]

NOW = datetime(2030, 1, 31, 12, 34, 56, tzinfo=UTC)
SLOWER, LONGEST_WAIT, DEAREST = 2.0, 50.0, 15.0
"""At most so many times as long as DuckDB, so many ms of waiting for others, so many us to count an event."""
ROUNDS = 7
BENCH = Caller("bench")


@dataclass(frozen=True, slots=True)
class Question:
    """What both are asked: an operation with its parameters, and a statement; a range goes back so many months."""

    name: str
    operation: Operation
    statement: str
    parameters: Json = field(default_factory=dict)
    months: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answers' times, in ms: medians, and of ours the longest step between two turns of others."""

    name: str
    ours: float
    theirs: float
    step: float

    @property
    def ratio(self) -> float:
        """How many times as long ours took."""
        return self.ours / self.theirs

    def cells(self) -> tuple[Cell, ...]:
        """Return the outcome as a row of a table."""
        return self.name, self.ours, self.theirs, f"{self.ratio:.2f}x", self.step


def measure(options: Options) -> Section:
    """Fill a world and a database with the same rows; ask both the same, in turns."""
    if find_spec("duckdb") is None:
        return Section([], notes=["DuckDB is not installed: pip install duckdb (the dependency group `bench`)."])
    world = create_app(Settings()).worlds.open("bench").worlds["contacthub"]
    world.clock.set(NOW, rate=0)
    with tempfile.TemporaryDirectory() as folder:
        rows = Rows(Path(folder) / "customers.csv", Path(folder) / "events.csv")
        clear(world)
        gc.disable()  # writing is measured, not how often the collector passes by
        someone = fill(world, NOW, rows)
        _steps(list_node_stats(world, WORKSPACE, BENCH))  # the aggregate nodes gather their customers at the first look
        gc.enable()
        gc.freeze()  # as a server does with what it starts with; DuckDB is not to be among it
        database = load(rows)
    outcomes = [_ask_both(world, database, each, max(options.rounds, ROUNDS)) for each in _questions(someone)]
    title = f"{CUSTOMERS_HELD:,} customers, {EVENTS_HELD:,} events: median ms"
    columns = ("question", "Understudy", "DuckDB", "ratio", "longest step")
    targets = (
        Target("slowest, Understudy / DuckDB", max(each.ratio for each in outcomes), SLOWER, "x", is_floor=False),
        Target("longest wait of others", max(each.step for each in outcomes), LONGEST_WAIT, " ms", is_floor=False),
        Target("counting an event, as it is kept", median(rows.counted), DEAREST, " us", is_floor=False),
    )
    note = f"Keeping an event takes {median(rows.put):.1f} us, besides."
    return Section([Table(title, columns, [each.cells() for each in outcomes])], targets, [note])


def _ask_both(world: World, database: Any, question: Question, rounds: int) -> Outcome:
    start = earliest_kept(NOW, question.months)
    asked = {"start": start, "end": None} if question.months else {}
    known = {"start": start, "end": write_time(NOW)} if question.months else {}
    ours, theirs, longest = [], [], 0.0
    for _ in range(rounds):
        steps = _steps(question.operation(world, WORKSPACE, **asked, **question.parameters, caller=BENCH))
        ours.append(sum(steps))
        longest = max(longest, *steps)
        started = time.perf_counter()
        for statement in question.statement.split("; "):
            database.execute(statement, known).fetchall()
        theirs.append((time.perf_counter() - started) * 1000)
    return Outcome(question.name, median(ours), median(theirs), longest)


def _steps(operation: Generator[None, None, Reply]) -> list[float]:
    """Run an operation to its end; return how long each of its steps took, in ms."""
    steps: list[float] = []
    is_over = False
    while not is_over:
        started = time.perf_counter()
        try:
            next(operation)
        except StopIteration:
            is_over = True
        steps.append((time.perf_counter() - started) * 1000)
    return steps


def _questions(someone: str) -> list[Question]:
    count, grouped, dated = "count(*)", "GROUP BY ALL ORDER BY ALL", "WHERE date BETWEEN $start AND $end"
    added = f"""SELECT type, date_trunc('day', added)::DATE, {count} FROM events
        WHERE added BETWEEN $start AND $end {grouped}"""
    by_type = f"SELECT type, context, date_trunc('day', date)::DATE, {count} FROM events {dated} {grouped}"
    bought = f"SELECT kind = 'return', sum(total), sum(revenue), {count} FROM events {dated} AND kind <> '' {grouped}"
    carts = f"SELECT context, {count} FROM events {dated} AND type = 'abandonedCart' {grouped}"
    views = f"SELECT type, {count} FROM events {dated} AND context = 'WEB' {grouped}"
    channels = f"SELECT email, mobile, {count} FROM customers {grouped}"
    created = f"""SELECT date_trunc('month', added)::DATE, {count} FROM customers
        WHERE added BETWEEN $start AND $end {grouped}"""
    changed = f"""SELECT date_trunc('day', changed)::DATE, {count} FROM customers
        WHERE version > 0 AND changed BETWEEN $start AND $end {grouped}"""
    visits = f"""SELECT type, date_trunc('day', date)::DATE, {count} FROM events {dated}
        AND customer = '{someone}' {grouped}"""
    spent = f"""SELECT kind, sum(total), sum(revenue), {count} FROM events {dated} AND kind <> ''
        AND customer = '{someone}' {grouped}"""
    everyone, change = {"node_id": None}, {"node_id": None, "type": "ADDED"}
    one, by_context = {"customer_id": someone}, {"node_id": None, "context": "ALL"}
    return [
        Question("customers", count_customers, f"SELECT {count} FROM customers", everyone),
        Question("nodes", list_node_stats, f"SELECT node, {count} FROM customers {grouped}"),
        Question("customers by channel", count_customers_by_channel, channels, everyone),
        Question("created, 10 years", count_customers_by_creation_date, created, {**everyone, "mode": "MONTHLY"}, 120),
        Question("changed, a year", count_customers_by_update_date, changed, {**change, "type": "UPDATED"}, 12),
        Question("events added, a month", count_events_by_update_date, added, change, 1),
        Question("events added, a year", count_events_by_update_date, added, change, 12),
        Question("type and context, a month", count_events_by_type_and_context, by_type, by_context, 1),
        Question("type and context, a year", count_events_by_type_and_context, by_type, by_context, 12),
        Question("purchases, a month", get_purchase_kpis, bought, {**everyone, "type": "ALL"}, 1),
        Question("purchases, a year", get_purchase_kpis, bought, {**everyone, "type": "ALL"}, 12),
        Question("e-commerce, a month", get_ecommerce_kpis, f"{bought}; {carts}", everyone, 1),
        Question("web, a month", get_web_kpis, views, everyone, 1),
        Question("web, a year", get_web_kpis, views, everyone, 12),
        Question("a customer's events", count_customer_events_by_category, visits, {**one, "mode": "DAILY"}, 12),
        Question("what a customer bought", get_customer_buying_behaviors, spent, one, 12),
    ]
