"""Waits of another world's calls while the control API does its longest work, at full size."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.report import Options, Section, Table, Target
from benchmarks.servers import SERVER_CORE as CORE
from benchmarks.servers import Server, pinned, running, understudy_command
from benchmarks.waits import COLUMNS, Waits, watching
from understudy.core.world_names import CONTROL_PATH

SCENARIO = "hundred-thousand"
VENDOR, JOBS_VENDOR = "contacthub", "twc"
JOBS, DAY_RATE = 20, 86400
EXPECTATIONS, JOURNAL = 100, 1000
MAX_SECONDS = 20.0
"""Longest time allowed for a snapshot of 100,000 customers to go out, and for it to go back, in processor seconds."""

PATIENCE = 600.0
HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Steering:
    """Client of the control API of a server, and of vendors in its worlds."""

    server: Server
    connections: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, server: Server) -> "Steering":
        """Return the client of a server that is ready."""
        found = json.loads(server.ask("GET", f"{CONTROL_PATH}/worlds/main/credentials").body)
        return cls(server, {each["vendor"]: each for each in found})

    def ask(self, method: str, path: str, body: Any = None) -> bytes:
        """Call the control API; the body is a JSON value, or bytes as they are sent."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self._ask(method, CONTROL_PATH + path, {}, raw)

    def call(self, vendor: str, world: str, method: str, path: str, body: Any = None, **headers: str) -> bytes:
        """Call a vendor in a world."""
        raw = b"" if body is None else json.dumps(body).encode()
        return self._ask(method, f"/@{world}{self.connections[vendor]['path']}{path}", headers, raw)

    def _ask(self, method: str, target: str, headers: Mapping[str, str], raw: bytes) -> bytes:
        answer = self.server.ask(method, target, {**HEADERS, **headers}, raw, patience=PATIENCE)
        if answer.status >= 300:
            raise self.server.failed(f"answers {method} {target} with {answer.status}: {answer.body[:300]!r}")
        return answer.body


def measure(_options: Options) -> Section:
    """Measure each once, in one server; the times are those of its processor, and so independent of other load."""
    command = [understudy_command(), "serve", "--vendor", VENDOR, "--vendor", JOBS_VENDOR]
    with pinned(CORE), running("understudy", command) as server:
        server.await_status(f"{CONTROL_PATH}/health")
        steering = Steering.of(server)
        waits: list[Waits] = []
        rows: list[tuple[str, float, float]] = []
        for what, work in _works(steering).items():
            spent = server.processor_time()
            started = time.perf_counter()
            with watching(server, what, *_watched(steering)) as watched:
                work()
            rows.append((what, time.perf_counter() - started, server.processor_time() - spent))
            waits.append(watched)
    return _section(waits, rows)


def _section(waits: list[Waits], rows: list[tuple[str, float, float]]) -> Section:
    tables = (
        Table(
            "Seconds of each, with the calls that were answered meanwhile", ("", "by the clock", "of processor"), rows
        ),
        Table("Calls of another world meanwhile", COLUMNS, [each.row() for each in waits]),
    )
    limits = [
        Target(what, seconds, MAX_SECONDS, " s of processor", is_floor=False)
        for what, _, seconds in rows
        if what in (WRITTEN, RESTORED)
    ]
    return Section(tables, [*(each.target() for each in waits), *limits])


def _watched(steering: Steering) -> tuple[str, Mapping[str, str]]:
    """Return path and headers of the other world's call: the newest customer."""
    found = steering.connections[VENDOR]
    ids = found["credentials"]
    path = f"/@other{found['path']}/workspaces/{ids['workspace']}/customers?nodeId={ids['node']}&size=1"
    return path, {"Authorization": f"Bearer {ids['token']}"}


WRITTEN, RESTORED = "a snapshot of 100,000 customers is written", "a snapshot of 100,000 customers is restored"


def _works(steering: Steering) -> dict[str, Callable[[], object]]:
    """Return the works in the order in which they are done: each prepares the next."""
    document: list[bytes] = []
    return {
        "nothing goes on": lambda: time.sleep(1),
        f"a world is made from {SCENARIO}": lambda: steering.ask(
            "POST", "/worlds", {"name": "large", "from": {"scenario": SCENARIO}}
        ),
        "a large world is written to for the first time": lambda: _add_customer(steering, "large"),
        WRITTEN: lambda: document.append(steering.ask("GET", "/worlds/large/snapshot")),
        RESTORED: lambda: steering.ask("POST", "/worlds/large/restore", document.pop()),
        "a large world is forked": lambda: steering.ask("POST", "/worlds/large/fork", {"name": "twin"}),
        "a large world is reset": lambda: steering.ask("POST", "/worlds/large/reset"),
        "a large world is deleted": lambda: steering.ask("DELETE", "/worlds/twin"),
        "10,000 of its records are listed": lambda: steering.ask(
            "GET", f"/worlds/large/collections/{VENDOR}/customers?limit=10000"
        ),
        f"{JOBS} jobs of every second are made": lambda: _add_jobs(steering, "jobs"),
        "its clock is moved by a day": lambda: steering.ask("POST", "/worlds/jobs/clock/move", {"days": 1}),
        "the messages of that day are read": lambda: steering.ask("GET", "/worlds/jobs/sent"),
        f"its clock runs at rate {DAY_RATE}": lambda: _run_fast(steering, "jobs"),
        f"{JOURNAL} calls are made": lambda: _fill_journal(steering, "calls"),
        f"{EXPECTATIONS} expectations are verified": lambda: steering.ask("POST", "/worlds/calls/verify", EXPECTED),
        "the journal is read": lambda: steering.ask("GET", "/worlds/calls/journal"),
        "the journal is exported as HAR": lambda: steering.ask("GET", "/worlds/calls/journal/har"),
    }


EXPECTED = {
    "expect": [
        {"calls": {"operation": "create_customer", "request": {"externalId": f"new-{number}"}}, "at_least": 1}
        for number in range(EXPECTATIONS)
    ]
}


def _add_customer(steering: Steering, world: str, number: int = 0) -> None:
    ids = steering.connections[VENDOR]["credentials"]
    contacts = {"email": f"new-{number}@example.com"}
    body = {"nodeId": ids["node"], "externalId": f"new-{number}", "base": {"contacts": contacts}}
    path = f"/workspaces/{ids['workspace']}/customers"
    steering.call(VENDOR, world, "POST", path, body, Authorization=f"Bearer {ids['token']}")


def _fill_journal(steering: Steering, world: str) -> None:
    for number in range(JOURNAL):
        _add_customer(steering, world, number)


def _add_jobs(steering: Steering, world: str) -> None:
    token, tenant = sign_in(steering, world)
    body = {"notification": "BACK_IN_STOCK", "schedule": "* * * * * *", "number_of_items_in_email": 3}
    path = "/services/eventcollector/api/v1/jobs"
    for _ in range(JOBS):
        steering.call(
            JOBS_VENDOR, world, "POST", path, body, **{"Authorization": f"Bearer {token}", "X-TWC-Tenant": tenant}
        )


def sign_in(steering: Steering, world: str) -> tuple[str, str]:
    """Return a token of the jobs' vendor, and the tenant."""
    ids = steering.connections[JOBS_VENDOR]["credentials"]
    form = f"grant_type=client_credentials&client_id={ids['client_id']}&client_secret={ids['client_secret']}"
    base = f"/@{world}{steering.connections[JOBS_VENDOR]['path']}"
    path = f"{base}/auth/realms/{ids['tenant']}/protocol/openid-connect/token"
    media = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = steering.server.ask("POST", path, media, form.encode())
    if answer.status != 200:
        raise steering.server.failed(f"answers POST {path} with {answer.status}: {answer.body[:300]!r}")
    return json.loads(answer.body)["access_token"], ids["tenant"]


def _run_fast(steering: Steering, world: str) -> None:
    """Let a world's clock run at a day a second, and read its messages now and then."""
    steering.ask("PUT", f"/worlds/{world}/clock", {"rate": DAY_RATE})
    for _ in range(3):
        time.sleep(0.5)
        steering.ask("GET", f"/worlds/{world}/sent")
    steering.ask("PUT", f"/worlds/{world}/clock", {"rate": 0})
