"""Client, proxy, service and examiner of a test, in one process."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import Any

from tests.proxy.drifting_service import KEY, Service, drifting_service
from tests.proxy.running_proxy import RunningProxy, running_proxy
from understudy.app import Understudy
from understudy.proxy.call_examiner import CallExaminer
from understudy.proxy.call_exchanges import ExchangeMaker
from understudy.proxy.drift_findings import DriftFinding
from understudy.proxy.har_file import HarFile
from understudy.proxy.stand_in import StandIn
from understudy.proxy.upstream import Upstream

LIMIT = 100_000
SESSIONS = count()
Shown = tuple[str, str, str, str]
"""Finding as the tests compare it: who, kind, operation, place."""


@dataclass(slots=True)
class Client:
    """Client of the service, behind the proxy."""

    proxy: RunningProxy
    service: Service

    def call(
        self, method: str, path: str, body: Any = None, key: str = KEY, base: str = "/v1", **more: str
    ) -> tuple[int, Any]:
        """Return status and JSON; ``if_match`` stands for the header ``If-Match``."""
        connection = HTTPConnection(self.proxy.host, self.proxy.port, timeout=10)
        text = None if body is None else json.dumps(body)
        headers = {**({"X-Key": key} if key else {}), **({"Content-Type": "application/json"} if text else {})}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        try:
            connection.request(method, f"{base}{path}", text, headers)
            answer = connection.getresponse()
            found = answer.read()
        except HTTPException:
            return 0, None
        finally:
            connection.close()
        try:
            return answer.status, json.loads(found)
        except ValueError:
            return answer.status, found

    def usual(self) -> None:
        """Do what clients do: list, create, read, pay and delete, three times."""
        for number in range(3):
            _, order = self.call("POST", "/orders", {"item": "tea", "quantity": number + 1, "buyer": {"name": "Ada"}})
            name = order["id"] if isinstance(order, dict) else "ord-0001-live"
            self.call("GET", "/orders?limit=5")
            self.call("GET", f"/orders/{name}")
            self.call("PUT", f"/orders/{name}/payment", {"amount": 3.5})
            self.call("DELETE", f"/orders/{name}")


@contextmanager
def examined(
    app: Understudy, *drifts: str, har: HarFile | None = None, prefix: str = ""
) -> Iterator[tuple[Client, CallExaminer]]:
    """Yield a client of the proxy before a service, and the examiner, which is done at the end."""
    vendor = app.vendors["shop"]
    world = f"session-{next(SESSIONS)}"
    with drifting_service(*drifts) as service:
        upstream = Upstream(service.url + prefix)
        maker = ExchangeMaker(vendor.document, upstream, LIMIT)
        examiner = CallExaminer(vendor, maker, lambda _: None, StandIn(app, vendor, world), har)
        with running_proxy(upstream, LIMIT, examiner.observe) as proxy:
            yield Client(proxy, service), examiner
        examiner.close()


def shown(findings: Iterable[DriftFinding]) -> set[Shown]:
    return {(each.who.value, each.kind, each.operation, each.place) for each in findings}
