"""Requests a second of Understudy, connexion's own two apps and a bare ASGI app, in turns on one core."""

import json
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.load import CONNECTIONS, Run, generator, put_load
from benchmarks.pairs import INVALID, PAIRS, Client, Pair
from benchmarks.report import Cell, Options, Section, Table, Target
from benchmarks.servers import LOAD_CORE, SERVER_CORE, Answer, Server, ServerFailed, pinned, running
from benchmarks.templates import DIGITS
from understudy.app import Understudy, create_app
from understudy.settings import Settings

UNDERSTUDY, FLASK, ASYNC, BARE = "Understudy", "connexion FlaskApp", "connexion AsyncApp", "bare ASGI app"
COMMANDS = {UNDERSTUDY: "understudy", FLASK: "flask", ASYNC: "async"}
METHODS = ("GET", "POST")
TARGETS = (("GET", FLASK, 8.0), ("POST", FLASK, 8.0), ("GET", BARE, 1 / 2), ("POST", BARE, 1 / 3))
WARM_UP = 0.5
NUMBERS_A_RUN = 10_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """Results of a pair: statuses that prove each contender's checks, and the runs by method and contender."""

    pair: Pair
    proofs: list[tuple[Cell, ...]]
    runs: Mapping[tuple[str, str], list[Run]]

    def by_rate(self, method: str, other: str) -> float:
        """Return the median over the rounds of Understudy's requests a second relative to another contender's."""
        ours, theirs = self.runs[method, UNDERSTUDY], self.runs[method, other]
        return median(our.rate / their.rate for our, their in zip(ours, theirs, strict=True))

    def by_cpu(self, method: str, other: str) -> float:
        """Return the same ratio by processor time, as if each contender had all of the processor."""
        ours, theirs = self.runs[method, UNDERSTUDY], self.runs[method, other]
        return median(their.server_us / our.server_us for our, their in zip(ours, theirs, strict=True))


def measure(options: Options) -> Section:
    """Measure one pair of requests after the other."""
    found = [_measure(pair, options) for pair in PAIRS.values()]
    tables = [_proof_table(found), *(_table(each, method, options) for each in found for method in METHODS)]
    targets = [_target(each, *target) for each in found if each.pair.has_targets for target in TARGETS]
    return Section(tables, targets, _notes(found))


def _measure(pair: Pair, options: Options) -> Measured:
    """Start the contenders, check that they validate requests, then measure them in turns."""
    understudy = create_app(Settings(vendors=(pair.vendor,)))
    client = Client.of(pair, understudy)
    with ExitStack() as stack:
        servers = _start(stack, client)
        proofs = [_prove(server, client) for server in servers.values() if server.name != BARE]
        return Measured(pair, proofs, _take_turns(servers, pair, understudy, options))


def _start(stack: ExitStack, client: Client) -> dict[str, Server]:
    program = [sys.executable, "-m", "benchmarks.contenders"]
    ready = f"{client.path}/{client.pair.existing}"
    servers: dict[str, Server] = {}
    with pinned(SERVER_CORE):
        for name, word in COMMANDS.items():
            servers[name] = stack.enter_context(running(name, [*program, word, "--pair", client.pair.noun]))
            servers[name].await_status(ready, client.headers)
            for number in range(client.pair.reads):
                _post(servers[name], client, number)
        replies = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "replies.json"
        replies.write_text(json.dumps(_replies(servers[UNDERSTUDY], client)), encoding="utf-8")
        servers[BARE] = stack.enter_context(running(BARE, [*program, "bare", "--replies", str(replies)]))
        servers[BARE].await_status(ready)
    return servers


def _post(server: Server, client: Client, number: int) -> Answer:
    answer = server.ask("POST", client.path, client.headers, client.body(f"{number:0{DIGITS}}"))
    if answer.status != client.pair.posted_status:
        raise server.failed(f"answers POST {client.path} with {answer.status}")
    return answer


def _replies(server: Server, client: Client) -> dict[str, tuple[int, list[tuple[str, str]], str]]:
    """Return Understudy's responses by method, which the bare app sends too."""
    answers = {
        "GET": server.ask("GET", client.address(), client.headers),
        "POST": _post(server, client, client.pair.reads),
    }
    return {
        method: (answer.status, [pair for pair in answer.headers if pair[0] != "date"], answer.body.decode())
        for method, answer in answers.items()
    }


def _prove(server: Server, client: Client) -> tuple[Cell, ...]:
    """Return a contender's statuses for an invalid body, an unknown credential, and an invalid response of its own."""
    statuses = (
        server.ask("POST", client.path, client.headers, client.broken_body()).status,
        server.ask("GET", client.address(), client.unknown_headers).status,
        server.ask("GET", f"{client.path}/{INVALID}", client.headers).status,
    )
    if statuses != (400, 401, 500):
        raise ServerFailed(f"{server.name} does not check what it should: it answers {statuses}, not (400, 401, 500)")
    return client.pair.noun, server.name, *map(str, statuses)


def _take_turns(
    servers: Mapping[str, Server], pair: Pair, understudy: Understudy, options: Options
) -> dict[tuple[str, str], list[Run]]:
    runs: dict[tuple[str, str], list[Run]] = {(method, name): [] for method in METHODS for name in servers}
    for turn in range(options.rounds + 1):
        client = Client.of(pair, understudy)  # a token of five minutes may not last for all rounds
        for template in (client.reading(), client.posting()):
            for name, server in servers.items():
                seconds = options.seconds if turn else WARM_UP
                run = put_load(server, template, (turn + 1) * NUMBERS_A_RUN, seconds)
                if turn:
                    runs[template.method, name].append(run)
        if sys.stderr.isatty():
            end = "\n" if turn == options.rounds else ""
            print(f"\r{pair.noun}: round {turn} of {options.rounds}", end=end, file=sys.stderr)
    return runs


def _target(found: Measured, method: str, other: str, limit: float) -> Target:
    what = f"{method} {found.pair.noun}, {UNDERSTUDY} / {other}"
    return Target(what, found.by_rate(method, other), limit, "x")


def _table(found: Measured, method: str, options: Options) -> Table:
    what = f"{method} one {found.pair.noun} ({found.pair.remark})"
    title = f"{what}: requests a second, median of {options.rounds} rounds of {options.seconds:g} s"
    columns = (
        "contender", "req/s", "lowest", "highest", "server CPU us/req", "server busy %",
        "Understudy is, by req/s", "by CPU",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for name in (*COMMANDS, BARE):
        runs = found.runs[method, name]
        rates = [run.rate for run in runs]
        cpu = median(run.server_us for run in runs)
        busy = median(run.server_busy for run in runs) * 100
        ratios = (f"{found.by_rate(method, name):.2f}x", f"{found.by_cpu(method, name):.2f}x")
        rows.append((name, median(rates), min(rates), max(rates), cpu, busy, *ratios))
    return Table(title, columns, rows)


def _proof_table(found: list[Measured]) -> Table:
    columns = ("", "contender", "body lacks a required field", "unknown credential", "own reply breaks the spec")
    return Table("Checks are on: status answered", columns, [proof for each in found for proof in each.proofs])


def _notes(found: list[Measured]) -> list[str]:
    where = f"on core {LOAD_CORE}; servers on core {SERVER_CORE}, in turn"
    notes = [f"Load: {generator()}, {CONNECTIONS} connections, {where}."]
    if SERVER_CORE == LOAD_CORE:
        notes.append("There is only one core: load and servers share it, and the ratios to the bare app mean little.")
    if min(run.server_busy for each in found for runs in each.runs.values() for run in runs) < 0.9:
        notes.append("Some servers got less than 90 % of their core: another process, or the load, held them up.")
    return notes
