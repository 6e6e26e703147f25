"""Requests a second of ``understudy serve`` with and without its log of requests, in turns on one core."""

from contextlib import ExitStack
from statistics import median

from benchmarks.load import CONNECTIONS, Run, generator, put_load
from benchmarks.pairs import PAIRS, Client
from benchmarks.report import Cell, Options, Section, Table, Target
from benchmarks.servers import LOAD_CORE, SERVER_CORE, Server, pinned, running, understudy_command
from understudy.app import create_app
from understudy.settings import Settings

WITHOUT = "--quiet"
OPTIONS = {WITHOUT: (WITHOUT,), "text": ("--log-format", "text"), "json": ("--log-format", "json")}
"""Options of a server, by the name of its row."""

NOUN = "event"
WARM_UP = 0.5
NUMBERS_A_RUN = 10_000_000
MAX_COST = 3.0
"""Percent of the throughput that the log of requests may cost."""


def measure(options: Options) -> Section:
    """Measure a server of each kind in turns; a run is compared with that without a log in the same round."""
    pair = PAIRS[NOUN]
    understudy = create_app(Settings(vendors=(pair.vendor,)))
    runs: dict[str, list[Run]] = {name: [] for name in OPTIONS}
    with ExitStack() as stack:
        servers = _start(stack, pair.vendor)
        for turn in range(options.rounds + 1):
            client = Client.of(pair, understudy)  # a token of five minutes may not last for all rounds
            for name in list(servers)[turn % 3 :] + list(servers)[: turn % 3]:
                seconds = options.seconds if turn else WARM_UP
                run = put_load(servers[name], client.posting(), (turn + 1) * NUMBERS_A_RUN, seconds)
                if turn:
                    runs[name].append(run)
    where = f"on core {LOAD_CORE}; servers on core {SERVER_CORE}, in turn"
    notes = [f"Load: {generator()}, {CONNECTIONS} connections, {where}. The log goes to a file."]
    return Section([_table(runs, options)], [_target(runs, name) for name in OPTIONS if name != WITHOUT], notes)


def _start(stack: ExitStack, vendor: str) -> dict[str, Server]:
    servers: dict[str, Server] = {}
    with pinned(SERVER_CORE):
        for name, given in OPTIONS.items():
            command = [understudy_command(), "serve", "--vendor", vendor, *given]
            servers[name] = stack.enter_context(running(name, command))
            servers[name].await_status("/_understudy/api/health")
    return servers


def _cost(runs: dict[str, list[Run]], name: str) -> float:
    """Return the median over the rounds of the throughput that a log costs, in percent."""
    pairs = zip(runs[name], runs[WITHOUT], strict=True)
    return median(100 * (1 - ours.rate / theirs.rate) for ours, theirs in pairs)


def _target(runs: dict[str, list[Run]], name: str) -> Target:
    return Target(f"cost of the {name} log", _cost(runs, name), MAX_COST, " %", is_floor=False)


def _table(runs: dict[str, list[Run]], options: Options) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, found in runs.items():
        rates = [run.rate for run in found]
        cpu = median(run.server_us for run in found)
        rows.append((name, median(rates), min(rates), max(rates), cpu, f"{_cost(runs, name):.1f} %"))
    title = f"POST one {NOUN}: requests a second, median of {options.rounds} rounds of {options.seconds:g} s"
    return Table(title, ("log", "req/s", "lowest", "highest", "server CPU us/req", "cost"), rows)
