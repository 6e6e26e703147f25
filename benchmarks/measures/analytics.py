"""Contacthub's analytics over many records, beside DuckDB asked the same of the same rows in the same run.

Ours are asked over HTTP: the times are those of a client, with requests and replies checked.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.contacthub.customers import VENDOR, Place
from benchmarks.hub_rows import COSTS, CUSTOMERS_HELD, EVENTS_HELD, NOW, Json, Rows, load
from benchmarks.report import Cell, Options, Section, Table, Target
from benchmarks.servers import HOST, LOAD_CORE, PATIENCE, SERVER_CORE, Server, pinned, running
from benchmarks.waits import COLUMNS, watching
from understudy.app import create_app
from understudy.core.timestamps import iso_milliseconds
from understudy.settings import Settings
from understudy.vendors.contacthub.retention.retention_policy import earliest_retained

SLOWER, DEAREST = 2.0, 15.0
"""Limits: time relative to DuckDB's, and microseconds to count an event."""
ROUNDS, LEAST = 10, 500.0
"""Minima of a comparison: number of times that a question is asked, and ms in all."""
FILLING = 600.0
"""Seconds that the server may take to store its rows."""
WATCHED = 20
"""Number of times that each question is asked while another client waits."""


@dataclass(frozen=True, slots=True)
class Question:
    """Question to both: a path with parameters, and an SQL statement; the range is ``months`` long, 0 for all time."""

    name: str
    path: str
    statement: str
    parameters: Json = field(default_factory=dict)
    months: int = 0

    @property
    def start(self) -> str:
        """Start of the time range."""
        return earliest_retained(NOW, self.months)

    @property
    def target(self) -> str:
        """Path and query below the workspace."""
        asked = {**self.parameters, **({"start": self.start} if self.months else {})}
        return f"{self.path}?{urlencode(asked)}" if asked else self.path


@dataclass(frozen=True, slots=True)
class Outcome:
    """Times of the fastest responses in ms, which depend least on other load of the machine."""

    name: str
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        """Time of Understudy relative to DuckDB's."""
        return self.ours / self.theirs

    def cells(self) -> tuple[Cell, ...]:
        """Return the outcome as a row of a table."""
        return self.name, self.ours, self.theirs, f"{self.ratio:.2f}x"


@dataclass(frozen=True, slots=True)
class Asker:
    """Client of both, over connections that stay open."""

    server: Server
    place: Place
    database: Any

    @property
    def workspace(self) -> str:
        """Path of the workspace."""
        return self.place.path.removesuffix("/customers")

    def compare(self, question: Question, rounds: int) -> Outcome:
        """Ask both in turns, at least ``rounds`` times and for ``LEAST`` ms in all."""
        ours: list[float] = []
        theirs: list[float] = []
        with self._connected() as connection:
            while len(ours) < rounds or sum(ours) + sum(theirs) < LEAST:
                ours.append(self._ask(connection, question))
                theirs.append(self._query(question))
        return Outcome(question.name, min(ours), min(theirs))

    def ask_all(self, questions: list[Question]) -> None:
        """Ask the server all questions, ``WATCHED`` times each."""
        with self._connected() as connection:
            for question in questions * WATCHED:
                self._ask(connection, question)

    @contextmanager
    def _connected(self) -> Iterator[HTTPConnection]:
        connection = HTTPConnection(HOST, self.server.port, timeout=PATIENCE)
        try:
            yield connection
        finally:
            connection.close()

    def _ask(self, connection: HTTPConnection, question: Question) -> float:
        started = time.perf_counter()
        connection.request("GET", self.workspace + question.target, headers=dict(self.place.headers))
        answer = connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - started) * 1000
        if answer.status != 200:
            raise self.server.failed(f"answers {question.target} with {answer.status}: {body[:300]!r}")
        return took

    def _query(self, question: Question) -> float:
        known = {"start": question.start, "end": iso_milliseconds(NOW)} if question.months else {}
        started = time.perf_counter()
        for statement in question.statement.split("; "):
            self.database.execute(statement, known).fetchall()
        return (time.perf_counter() - started) * 1000


def measure(options: Options) -> Section:
    """Start a server with the rows, fill a database with them; ask both the same, in turns, and see who waits."""
    if find_spec("duckdb") is None:
        return Section([], notes=["DuckDB is not installed: `make bench` does that."])
    rounds = max(options.rounds, ROUNDS)
    with _asker() as (asker, costs):
        questions = _questions(costs["someone"])
        outcomes = [asker.compare(each, rounds) for each in questions]
        path = f"{asker.place.path}/{costs['someone']}"
        with watching(asker.server, "all of these are asked", path, asker.place.headers) as waits:
            asker.ask_all(questions)
    title = f"{CUSTOMERS_HELD:,} customers, {EVENTS_HELD:,} events: ms, best of {rounds} or more"
    tables = (
        Table(title, ("question", "Understudy, over HTTP", "DuckDB", "ratio"), [each.cells() for each in outcomes]),
        Table("Another reads one customer, over and over", COLUMNS, [waits.row()]),
    )
    targets = (
        Target("slowest, Understudy / DuckDB", max(each.ratio for each in outcomes), SLOWER, "x", is_floor=False),
        waits.target(),
        Target("counting an event, as it is kept", costs["counted"], DEAREST, " us", is_floor=False),
    )
    return Section(tables, targets, [f"Keeping an event takes {costs['put']:.1f} us, besides."])


@contextmanager
def _asker() -> Iterator[tuple[Asker, Mapping[str, Any]]]:
    place = Place.of(create_app(Settings(vendors=(VENDOR,))))
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        with pinned(SERVER_CORE):
            command = [sys.executable, "-m", "benchmarks.hub_server", "--folder", folder]
            server = stack.enter_context(running("Understudy", command))
        server.await_status(f"{place.path.removesuffix('/customers')}/stats/info", place.headers, patience=FILLING)
        database = load(Rows.within(Path(folder)))
        costs = json.loads((Path(folder) / COSTS).read_text(encoding="utf-8"))
        stack.enter_context(pinned(LOAD_CORE))
        yield Asker(server, place, database), costs


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
    days, month, year = {"mode": "DAILY"}, 1, 12
    added_events, changed_customers = {"type": "ADDED"}, {"type": "UPDATED"}
    everyone, them = "/stats/customers", f"/customers/{someone}/stats"
    every, figures = "/stats/events", "/stats/events/kpi"
    return [
        Question("customers", f"{everyone}/count", f"SELECT {count} FROM customers"),
        Question("nodes", "/stats/nodes", f"SELECT node, {count} FROM customers {grouped}"),
        Question("customers by channel", f"{everyone}/communication-channels", channels),
        Question("created, 10 years", f"{everyone}/creation-date", created, {"mode": "MONTHLY"}, 10 * year),
        Question("changed, a year", f"{everyone}/update-date", changed, changed_customers, year),
        Question("events added, a month", f"{every}/update-date", added, added_events, month),
        Question("events added, a year", f"{every}/update-date", added, added_events, year),
        Question("type and context, a month", f"{every}/type-context", by_type, {}, month),
        Question("type and context, a year", f"{every}/type-context", by_type, {}, year),
        Question("purchases, a month", f"{figures}/purchases", bought, {}, month),
        Question("purchases, a year", f"{figures}/purchases", bought, {}, year),
        Question("e-commerce, a month", f"{figures}/ecommerce", f"{bought}; {carts}", {}, month),
        Question("web, a month", f"{figures}/web", views, {}, month),
        Question("web, a year", f"{figures}/web", views, {}, year),
        Question("a customer's events", f"{them}/event-category-distribution", visits, days, year),
        Question("what a customer bought", f"{them}/buying-behaviors", spent, {}, year),
    ]
