"""Cost of ``understudy proxy`` for a call: the same call to a server directly and through the proxy, in turns."""

import time
from contextlib import ExitStack
from http.client import HTTPConnection
from itertools import count
from statistics import median, quantiles

from benchmarks.pairs import PAIRS, Client
from benchmarks.report import Cell, Options, Section, Table, Target
from benchmarks.servers import HOST, Server, ServerFailed, running, understudy_command
from understudy.app import create_app
from understudy.settings import Settings

NOUN = "event"
DIRECT = "directly"
KINDS = {"proxy --no-stand-in": ("--no-stand-in",), "proxy": ()}
"""Options of a proxy, by the name of its row."""

WARM_UP = 200
MAX_COST = 1.0
"""Milliseconds that the proxy may add to a call at the median."""

NUMBERS = count()
PAUSES = (0.0, 0.002)
"""Seconds between two calls: none, as a load test has them, and as many as a fast client takes."""


def measure(options: Options) -> Section:
    """Measure the calls of one client over connections that stay open, to each server in turn."""
    pair = PAIRS[NOUN]
    client = Client.of(pair, create_app(Settings(vendors=(pair.vendor,))))
    times: dict[tuple[str, float], list[float]] = {}
    with ExitStack() as stack:
        command = [understudy_command(), "serve", "--vendor", pair.vendor, "--quiet"]
        upstream = stack.enter_context(running("serve", command))
        upstream.await_status("/_understudy/api/health")
        servers = {DIRECT: upstream}
        for name, given in KINDS.items():
            url = f"http://{HOST}:{upstream.port}/{pair.vendor}"
            command = [understudy_command(), "proxy", pair.vendor, "--upstream", url, *given]
            servers[name] = stack.enter_context(running(name, command))
            servers[name].await_listening()
        for pause in PAUSES:
            found = _ask_in_turns(servers, client, pair.vendor, options.rounds * options.seconds, pause)
            times |= {(name, pause): each for name, each in found.items()}
    return Section([_table(times)], [*_targets(times)], ["One client, one connection to each, one call at a time."])


def _ask_in_turns(
    servers: dict[str, Server], client: Client, vendor: str, seconds: float, pause: float
) -> dict[str, list[float]]:
    """Return the times of the calls in ms, by server."""
    times: dict[str, list[float]] = {name: [] for name in servers}
    connections = {name: HTTPConnection(HOST, server.port, timeout=30) for name, server in servers.items()}
    end, number = time.perf_counter() + seconds, 0
    while number < WARM_UP or time.perf_counter() < end:
        number += 1
        for name, connection in connections.items():
            path = client.path if name == DIRECT else client.path.removeprefix(f"/{vendor}")
            time.sleep(pause)
            start = time.perf_counter()
            connection.request("POST", path, client.body(f"{next(NUMBERS):012}"), dict(client.headers))
            answer = connection.getresponse()
            answer.read()
            took = time.perf_counter() - start
            if answer.status >= 400:
                raise ServerFailed(f"{name} answers {answer.status}")
            if number > WARM_UP:
                times[name].append(took * 1000)
    for connection in connections.values():
        connection.close()
    return times


def _cost(times: dict[tuple[str, float], list[float]], name: str, pause: float) -> float:
    """Return what the proxy adds to a call at the median, in ms."""
    return median(times[name, pause]) - median(times[DIRECT, pause])


def _table(times: dict[tuple[str, float], list[float]]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (name, pause * 1000, float(len(found)), median(found), quantiles(found, n=100)[98], _cost(times, name, pause))
        for (name, pause), found in times.items()
    ]
    columns = ("call", "pause ms", "calls", "median ms", "99th percentile ms", "added at the median ms")
    return Table(f"POST one {NOUN}, one call at a time", columns, rows)


def _targets(times: dict[tuple[str, float], list[float]]) -> list[Target]:
    return [
        Target(
            f"added by {name}, pause {pause * 1000:g} ms", _cost(times, name, pause), MAX_COST, " ms", is_floor=False
        )
        for name in KINDS
        for pause in PAUSES
    ]
