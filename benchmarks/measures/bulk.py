"""Contacthub's bulk jobs and aggregate nodes at scale, over HTTP: how fast they are, and who has to wait for them."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.contacthub.customers import VENDOR, Place
from benchmarks.report import Cell, Options, Section, Table, Target
from benchmarks.servers import LOAD_CORE, SERVER_CORE, Answer, Server, pinned, running, understudy_command
from benchmarks.waits import COLUMNS, Waits, watching
from understudy.app import create_app
from understudy.settings import Settings
from understudy.vendors.contacthub.start_data.fixed_ids import ENTRY_NODE, EVERYONE, FIRST_CUSTOMER, example_id

ROWS = 100_000
BOUNDARY = "understudy-bench"
HEADER = "externalId,base.firstName,base.lastName,base.contacts.email,base.contacts.mobilePhone,extra"
PATIENCE_SECONDS = 600.0
"""Seconds that a response may take: an aggregate node builds all customers before its first one."""
MIN_ROWS_A_SECOND = 2_000
"""Rows a second, at least."""


@dataclass(frozen=True, slots=True)
class Step:
    """Step of a client: its time in seconds, and the waiting times of another client meanwhile."""

    what: str
    seconds: float
    waits: Waits

    def cells(self) -> tuple[Cell, ...]:
        """Return the step as a row of a table."""
        return self.what, self.seconds


@dataclass(frozen=True, slots=True)
class Client:
    """Client that loads a register into Contacthub while another client reads one customer."""

    server: Server
    place: Place

    @property
    def jobs(self) -> str:
        """Path of the entry node's bulk jobs."""
        return f"{self.place.path.removesuffix('/customers')}/nodes/{ENTRY_NODE}/bulk-jobs"

    def step(self, what: str, act: Callable[[], None]) -> Step:
        """Run a function while another client reads a customer of the start data."""
        path = f"{self.place.path}/{example_id(FIRST_CUSTOMER)}"
        with watching(self.server, what, path, self.place.headers) as waits:
            started = time.perf_counter()
            act()
            took = time.perf_counter() - started
        return Step(what, took, waits)

    def load(self) -> None:
        """Send the file, and poll its job until it is processed."""
        headers = {**self.place.headers, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        job = json.loads(self._ask("POST", self.jobs, 201, headers, _form()).body)
        while job["status"] != "PROCESSED":
            job = json.loads(self._ask("GET", f"{self.jobs}/{job['id']}").body)
        if job["processedEntities"] != ROWS:
            raise self.server.failed(f"refused {job['failedEntities']} of {ROWS} rows")

    def read_results(self) -> None:
        """Read the result of each row."""
        [job, *_] = json.loads(self._ask("GET", f"{self.jobs}?size=1").body)["elements"]
        lines = self._ask("GET", f"{self.jobs}/{job['id']}/results").body.count(b"\n")
        if lines != ROWS + 1:
            raise self.server.failed(f"answers {lines} lines of results")

    def look_into_aggregate(self) -> None:
        """Search the customers of the aggregate node, which are built at the first search."""
        query = urlencode({"nodeId": EVERYONE, "size": 1})
        page = json.loads(self._ask("GET", f"{self.place.path}?{query}").body)["page"]
        if page["totalElements"] < ROWS:
            raise self.server.failed(f"finds {page['totalElements']} customers in the aggregate node")

    def _ask(
        self, method: str, path: str, status: int = 200, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        answer = self.server.ask(method, path, headers or self.place.headers, body, patience=PATIENCE_SECONDS)
        if answer.status != status:
            raise self.server.failed(f"answers {method} {path} with {answer.status}: {answer.body[:300]!r}")
        return answer


def measure(_options: Options) -> Section:
    """Load a register by bulk job and search an aggregate node, once."""
    with _client() as client:
        steps = [
            client.step("nothing else goes on", lambda: time.sleep(2)),
            client.step(f"a job of {ROWS:,} rows", client.load),
            client.step("its results", client.read_results),
            client.step("the first look into an aggregate node", client.look_into_aggregate),
            client.step("the second look", client.look_into_aggregate),
        ]
    rate = ROWS / steps[1].seconds
    tables = (
        Table("What a client does, over HTTP", ("", "seconds"), [step.cells() for step in steps]),
        Table("Another reads one customer, over and over", COLUMNS, [step.waits.row() for step in steps]),
    )
    targets = [
        Target("rows of a bulk job", rate, MIN_ROWS_A_SECOND, " a second"),
        *(step.waits.target() for step in steps),
    ]
    return Section(tables, targets, ["Whoever asks after a job does its share of it: that is no wait of another's."])


@contextmanager
def _client() -> Iterator[Client]:
    place = Place.of(create_app(Settings(vendors=(VENDOR,))))
    with ExitStack() as stack:
        with pinned(SERVER_CORE):
            server = stack.enter_context(running("Understudy", [understudy_command(), "serve", "--vendor", VENDOR]))
        server.await_status(f"{place.path}/{example_id(FIRST_CUSTOMER)}", place.headers)
        with pinned(LOAD_CORE):
            yield Client(server, place)


def _form() -> bytes:
    rows = (f"row-{n},Ada,Lovelace {n},row-{n}@example.com,+39{n:09},shelf {n % 7}" for n in range(ROWS))
    fields = {"operation": "UPSERT", "entity": "CUSTOMER"}
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="rows.csv"\r\n\r\n'
    return "".join([*parts, file, "\n".join((HEADER, *rows)), f"\r\n--{BOUNDARY}--\r\n"]).encode()
