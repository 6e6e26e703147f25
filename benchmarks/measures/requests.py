"""Requests a second: the understudy, connexion's own two apps and a bare ASGI app take turns on one core."""

import json
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.load import CONNECTIONS, Run, generator, put_load
from benchmarks.purchases import READ, SPOILT, Purchases, Template, known_purchases
from benchmarks.report import Cell, Options, Section, Table, Target
from benchmarks.servers import LOAD_CORE, SERVER_CORE, Server, ServerFailed, pinned, running

UNDERSTUDY, FLASK, ASYNC, BARE = "Understudy", "connexion FlaskApp", "connexion AsyncApp", "bare ASGI app"
COMMANDS = {UNDERSTUDY: "understudy", FLASK: "flask", ASYNC: "async"}
TARGETS = (("GET", FLASK, 8.0), ("POST", FLASK, 8.0), ("GET", BARE, 1 / 2), ("POST", BARE, 1 / 3))
WARM_UP = 0.5
NUMBERS_A_RUN = 10_000_000

Runs = dict[tuple[str, str], list[Run]]


def measure(options: Options) -> Section:
    """Start the contenders, see that they check what they should, then let them take turns."""
    purchases = known_purchases()
    templates = (purchases.reading(), purchases.posting())
    with ExitStack() as stack:
        servers = _start(stack, purchases)
        proofs = [_prove(server, purchases) for server in servers.values() if server.name != BARE]
        runs = _take_turns(servers, templates, options)
    tables = [_proof_table(proofs), *(_table(runs, template.method, list(servers), options) for template in templates)]
    return Section(tables, [_target(runs, *target) for target in TARGETS], _notes(runs))


def _start(stack: ExitStack, purchases: Purchases) -> dict[str, Server]:
    program = [sys.executable, "-m", "benchmarks.contenders"]
    servers: dict[str, Server] = {}
    with pinned(SERVER_CORE):
        for name, word in COMMANDS.items():
            servers[name] = stack.enter_context(running(name, [*program, word]))
            servers[name].await_status(f"{purchases.path}/{READ}", purchases.headers)
        replies = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "replies.json"
        replies.write_text(json.dumps(_replies(servers[UNDERSTUDY], purchases)), encoding="utf-8")
        servers[BARE] = stack.enter_context(running(BARE, [*program, "bare", "--replies", str(replies)]))
        servers[BARE].await_status(f"{purchases.path}/{READ}")
    return servers


def _replies(server: Server, purchases: Purchases) -> dict[str, tuple[list[tuple[str, str]], str]]:
    """Return the understudy's own answers, by method: the bare app sends the same."""
    read = server.ask("GET", f"{purchases.path}/{READ}", purchases.headers)
    posted = server.ask("POST", purchases.path, purchases.headers, purchases.body("BENCH-FIRST"))
    answers = {"GET": read, "POST": posted}
    return {
        method: ([pair for pair in answer.headers if pair[0] != "date"], answer.body.decode())
        for method, answer in answers.items()
    }


def _prove(server: Server, purchases: Purchases) -> tuple[Cell, ...]:
    """Return what a contender answers to a wrong body, to nobody we know, and where its own reply would be wrong."""
    wrong = purchases.body("BENCH-WRONG").replace(b'"products"', b'"produce"')
    nobody = {**purchases.headers, "api_key": "nobody-we-know"}
    statuses = (
        server.ask("POST", purchases.path, purchases.headers, wrong).status,
        server.ask("GET", f"{purchases.path}/{READ}", nobody).status,
        server.ask("GET", f"{purchases.path}/{SPOILT}", purchases.headers).status,
    )
    if statuses != (400, 401, 500):
        raise ServerFailed(f"{server.name} does not check what it should: it answers {statuses}, not (400, 401, 500)")
    return server.name, *map(str, statuses)


def _take_turns(servers: Mapping[str, Server], templates: tuple[Template, ...], options: Options) -> Runs:
    runs: Runs = {(template.method, name): [] for template in templates for name in servers}
    for turn in range(options.rounds + 1):
        for template in templates:
            for name, server in servers.items():
                seconds = options.seconds if turn else WARM_UP
                run = put_load(server, template, turn * NUMBERS_A_RUN, seconds)
                if turn:
                    runs[template.method, name].append(run)
        if sys.stderr.isatty():
            print(f"\rround {turn} of {options.rounds}", end="\n" if turn == options.rounds else "", file=sys.stderr)
    return runs


def _ratio(runs: Runs, method: str, other: str) -> float:
    """Return the median, over the rounds, of how the understudy compares with another."""
    pairs = zip(runs[method, UNDERSTUDY], runs[method, other], strict=True)
    return median(ours.rate / theirs.rate for ours, theirs in pairs)


def _target(runs: Runs, method: str, other: str, limit: float) -> Target:
    return Target(f"{method}, {UNDERSTUDY} / {other}", _ratio(runs, method, other), limit, "x")


def _table(runs: Runs, method: str, names: list[str], options: Options) -> Table:
    verb = {"GET": "GET one purchase", "POST": "POST one purchase"}[method]
    title = f"{verb}: requests a second, median of {options.rounds} rounds of {options.seconds:g} s"
    columns = ("contender", "req/s", "lowest", "highest", "server CPU us/req", "server busy %", "Understudy is")
    rows: list[tuple[Cell, ...]] = []
    for name in names:
        found = runs[method, name]
        rates = [run.rate for run in found]
        cpu = median(run.server_us for run in found)
        busy = median(run.server_busy for run in found) * 100
        rows.append((name, median(rates), min(rates), max(rates), cpu, busy, f"{_ratio(runs, method, name):.2f}x"))
    return Table(title, columns, rows)


def _proof_table(proofs: list[tuple[Cell, ...]]) -> Table:
    columns = ("contender", "body lacks a required field", "unknown API key", "own reply breaks the spec")
    return Table("Checks are on: status answered", columns, proofs)


def _notes(runs: Runs) -> list[str]:
    ceiling = max(run.client_busy for (_, name), found in runs.items() if name == BARE for run in found)
    where = f"on core {LOAD_CORE}; servers on core {SERVER_CORE}, in turn"
    notes = [
        f"Load: {generator()}, {CONNECTIONS} connections, {where}.",
        f"The load's own process was at most {ceiling:.0%} busy, against the bare app.",
    ]
    if SERVER_CORE == LOAD_CORE:
        notes.append("There is only one core: load and servers share it, and the ratios to the bare app mean little.")
    if min(run.server_busy for found in runs.values() for run in found) < 0.9:
        notes.append("Some servers got less than 90 % of their core: another process, or the load, held them up.")
    return notes
