"""Requests a second for full-size customers, of Understudy and a bare ASGI app with the same bytes, on one core."""

import json
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.contacthub.customers import VENDOR, Place, full_customer, numbered
from benchmarks.load import CONNECTIONS, Run, generator, put_load
from benchmarks.report import Cell, Options, Section, Table, Target
from benchmarks.servers import LOAD_CORE, SERVER_CORE, Answer, Server, ServerFailed, pinned, running
from benchmarks.templates import MARK, Template
from understudy.app import create_app
from understudy.core.json_types import Json
from understudy.settings import Settings

UNDERSTUDY, BARE = "Understudy", "bare ASGI app"
FLOORS = {"GET": 1 / 2, "POST": 1 / 4}
STATUSES = {"GET": 200, "POST": 201}
KEPT = 4096
"""Number of customers that are read in turn."""
FIRST, NUMBERS_A_RUN = 1_000_000, 10_000_000
WARM_UP = 0.5

Runs = Mapping[tuple[str, str], list[Run]]


@dataclass(frozen=True, slots=True)
class Client:
    """Client: path, headers, and the body that creates a customer."""

    place: Place
    posted: Json

    def reading(self) -> Template:
        """Return the template of the GET, with a different customer each time."""
        return Template.of(f"GET {self.place.address(MARK)}", self.place.headers, numbers=KEPT)

    def posting(self) -> Template:
        """Return the template of the POST, with a different e-mail address each time."""
        body = json.dumps(self.posted).encode()
        return Template.of(f"POST {self.place.path}", self.place.headers, body, status=STATUSES["POST"])

    def first_answers(self, server: Server) -> dict[str, Answer]:
        """Return Understudy's responses by method, which the bare app sends too."""
        body = json.dumps(self.posted).encode()
        answers = {
            "GET": server.ask("GET", self.place.address(0), self.place.headers),
            "POST": server.ask("POST", self.place.path, self.place.headers, body.replace(MARK.encode(), b"first")),
        }
        for method, answer in answers.items():
            if answer.status != STATUSES[method]:
                raise server.failed(f"answers {method} with {answer.status}: {answer.body[:300]!r}")
        return answers


def measure_throughput(options: Options) -> Section:
    """Start both, check that Understudy validates requests, then measure them in turns."""
    understudy = create_app(Settings(vendors=(VENDOR,)))
    posted = numbered(full_customer(understudy.vendors[VENDOR].document), MARK) | {"externalId": "full-size"}
    client = Client(Place.of(understudy), posted)
    with ExitStack() as stack, pinned(SERVER_CORE):
        ours = _start_ours(stack, client)
        answers = client.first_answers(ours)
        servers = {UNDERSTUDY: ours, BARE: _start_bare(stack, answers)}
        runs = _take_turns(servers, client, options)
    targets = [
        Target(f"{method} a full-size customer, {UNDERSTUDY} / {BARE}", _by_rate(runs, method), floor, "x")
        for method, floor in FLOORS.items()
    ]
    return Section([_table(runs, options)], targets, _notes(client, answers))


def _start_ours(stack: ExitStack, client: Client) -> Server:
    program = [sys.executable, "-m", "benchmarks.contacthub.server", "--count", str(KEPT)]
    server = stack.enter_context(running(UNDERSTUDY, program))
    server.await_status(client.place.address(0), client.place.headers)
    wrong = json.dumps(client.posted | {"base": {**client.posted["base"], "dob": "yesterday"}}).encode()
    if server.ask("POST", client.place.path, client.place.headers, wrong).status != 400:
        raise ServerFailed(f"{UNDERSTUDY} takes a customer that breaks the schema")
    return server


def _start_bare(stack: ExitStack, answers: Mapping[str, Answer]) -> Server:
    replies = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "replies.json"
    kept = {
        method: (answer.status, [pair for pair in answer.headers if pair[0] != "date"], answer.body.decode())
        for method, answer in answers.items()
    }
    replies.write_text(json.dumps(kept), encoding="utf-8")
    program = [sys.executable, "-m", "benchmarks.contenders", "bare", "--replies", str(replies)]
    server = stack.enter_context(running(BARE, program))
    server.await_status("/")
    return server


def _take_turns(servers: Mapping[str, Server], client: Client, options: Options) -> Runs:
    templates = (client.reading(), client.posting())
    runs: dict[tuple[str, str], list[Run]] = {(each.method, name): [] for each in templates for name in servers}
    for turn in range(options.rounds + 1):
        for template in templates:
            for name, server in servers.items():
                seconds = options.seconds if turn else WARM_UP
                run = put_load(server, template, FIRST + turn * NUMBERS_A_RUN, seconds)
                if turn:
                    runs[template.method, name].append(run)
    return runs


def _by_rate(runs: Runs, method: str) -> float:
    """Return the median over the rounds of Understudy's requests a second as a share of the bare app's."""
    pairs = zip(runs[method, UNDERSTUDY], runs[method, BARE], strict=True)
    return median(ours.rate / theirs.rate for ours, theirs in pairs)


def _table(runs: Runs, options: Options) -> Table:
    columns = ("request", "contender", "req/s", "lowest", "highest", "server CPU us/req", "server busy %")
    rows: list[tuple[Cell, ...]] = []
    for (method, name), found in runs.items():
        rates = [run.rate for run in found]
        cpu = median(run.server_us for run in found)
        busy = median(run.server_busy for run in found) * 100
        rows.append((method, name, median(rates), min(rates), max(rates), cpu, busy))
    title = f"A full-size customer: requests a second, median of {options.rounds} rounds of {options.seconds:g} s"
    return Table(title, columns, rows)


def _notes(client: Client, answers: Mapping[str, Answer]) -> list[str]:
    sizes = f"{len(json.dumps(client.posted)):,} bytes as it is sent, {len(answers['GET'].body):,} as it is answered"
    return [
        f"A full-size customer has every property set: {sizes}; requests and replies are validated.",
        f"{KEPT:,} of them are read in turn; each POST creates one, in a node that has those and the start's.",
        f"Load: {generator()}, {CONNECTIONS} connections, on core {LOAD_CORE}; servers on core {SERVER_CORE}, in turn.",
    ]
