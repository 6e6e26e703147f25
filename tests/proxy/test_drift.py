"""Each way in which a service is off is found, with who has moved, and nothing else is."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.proxy.drifting_service import DOCUMENT, KEY, Service, drifting_service
from tests.proxy.running_proxy import RunningProxy, running_proxy
from understudy.app import Understudy, create_app
from understudy.proxy.call_examiner import CallExaminer
from understudy.proxy.call_exchanges import ExchangeMaker
from understudy.proxy.drift_findings import DriftFinding
from understudy.proxy.stand_in import StandIn
from understudy.proxy.upstream import Upstream
from understudy.settings import Settings

LIMIT = 100_000
SESSIONS = count()
Shown = tuple[str, str, str, str]
"""Finding as the tests compare it: who, kind, operation, place."""


@dataclass(slots=True)
class Client:
    """Client of the service, behind the proxy."""

    proxy: RunningProxy
    service: Service

    def call(self, method: str, path: str, body: Any = None, key: str = KEY) -> tuple[int, Any]:
        connection = HTTPConnection(self.proxy.host, self.proxy.port, timeout=10)
        text = None if body is None else json.dumps(body)
        headers = {**({"X-Key": key} if key else {}), **({"Content-Type": "application/json"} if text else {})}
        try:
            connection.request(method, f"/v1{path}", text, headers)
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


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Understudy:
    path: Path = tmp_path_factory.mktemp("shop") / "shop.yaml"
    path.write_text(DOCUMENT)
    return create_app(Settings(documents=(("shop", str(path)),), cache=None, is_strict=False, records=0))


@contextmanager
def examined(app: Understudy, *drifts: str) -> Iterator[tuple[Client, CallExaminer]]:
    """Yield a client of the proxy before a service, and the examiner, which is done at the end."""
    vendor = app.vendors["shop"]
    world = f"session-{next(SESSIONS)}"
    with drifting_service(*drifts) as service:
        upstream = Upstream(service.url)
        maker = ExchangeMaker(vendor.document, upstream, LIMIT)
        examiner = CallExaminer(vendor, maker, lambda _: None, lambda: StandIn(app, vendor, world))
        with running_proxy(upstream, LIMIT, examiner.observe) as proxy:
            yield Client(proxy, service), examiner
        examiner.close()


def shown(findings: Iterable[DriftFinding]) -> set[Shown]:
    return {(each.who.value, each.kind, each.operation, each.place) for each in findings}


def test_nothing_is_found_in_a_service_that_keeps_to_its_document(shop: Understudy) -> None:
    with examined(shop) as (client, examiner):
        client.usual()
        assert client.call("GET", "/orders/unknown") == (404, {"message": "no such order"})

    assert shown(examiner.drift) == set()
    assert examiner.calls["create_order", 201] == 3
    assert not examiner.unchecked


def usual(client: Client) -> None:
    client.usual()


def lenient(client: Client) -> None:
    client.call("POST", "/orders", {"quantity": 1})


def stocked(client: Client) -> None:
    client.call("GET", "/stock")


def patched(client: Client) -> None:
    _, order = client.call("POST", "/orders", {"item": "tea"})
    client.call("PATCH", f"/orders/{order['id']}", {"item": "milk"})


def noted(client: Client) -> None:
    client.call("POST", "/orders", {"item": "tea", "note": "now"})


def anonymous(client: Client) -> None:
    client.call("GET", "/orders", key="")


ORDERS = (("list_orders", "/*"), ("create_order", ""), ("get_order", ""))
ALL = ("list_orders", "create_order", "get_order", "pay_order")


def in_orders(kind: str, place: str, who: str = "vendor") -> set[Shown]:
    """Return a finding at a place of each order that is sent."""
    return {(who, kind, operation, f"{start}{place}") for operation, start in ORDERS}


CASES: dict[str, tuple[Callable[[Client], None], set[Shown]]] = {
    "path": (stocked, {("vendor", "undocumented-path", "", "GET /v1/stock")}),
    "method": (patched, {("vendor", "undocumented-method", "", "/orders/{orderId}")}),
    "status": (usual, {("vendor", "undocumented-status", "list_orders", "203")}),
    "field": (usual, in_orders("undocumented-field", "/vip")),
    "nested field": (usual, in_orders("undocumented-field", "/buyer/segment")),
    "compressed field": (usual, in_orders("undocumented-field", "/vip")),
    "missing field": (usual, in_orders("invalid-response-body", "/item")),
    "type": (usual, in_orders("invalid-response-body", "/quantity")),
    "format": (usual, in_orders("undocumented-format", "/created")),
    "enumeration": (usual, in_orders("invalid-response-body", "/status")),
    "malformed": (noted, {("vendor", "invalid-response-body", "create_order", "")}),
    "media type": (usual, {("vendor", "undocumented-media-type", name, "Content-Type") for name in ALL}),
    "header": (usual, {("vendor", "invalid-header", "list_orders", "X-Total")}),
    "header type": (usual, {("vendor", "invalid-header", "list_orders", "X-Total")}),
    "length": (noted, {("vendor", "broken-message", "create_order", "POST")}),
    "leniency": (lenient, {("vendor", "invalid-request-body", "create_order", "/item")}),
    "credentials": (anonymous, {("vendor", "missing-credentials", "list_orders", "")}),
    "other status": (usual, {("stand-in", "status-differs", "create_order", "202/201")}),
    "other type": (noted, {("stand-in", "shape-differs", "create_order", "/note")}),
    "unsent field": (usual, in_orders("shape-differs", "/buyer", "stand-in")),
}
"""Ways in which the service is off, with the client's calls and what is found: all of it."""


@pytest.mark.parametrize("drift", CASES)
def test_a_drift_is_found_and_nothing_else(shop: Understudy, drift: str) -> None:
    act, expected = CASES[drift]
    with examined(shop, drift) as (client, examiner):
        act(client)

    assert shown(examiner.drift) == expected


def test_all_drifts_at_once_are_found_beside_each_other(shop: Understudy) -> None:
    drifts = ("field", "format", "other status", "header", "path")
    with examined(shop, *drifts) as (client, examiner):
        usual(client)
        stocked(client)

    expected = {finding for drift in drifts for finding in CASES[drift][1]}
    assert shown(examiner.drift) == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (("GET", "/orders?limit=50"), set()),
        (("POST", "/orders", {"quantity": 1}), {("client", "invalid-request-body", "create_order", "/item")}),
        (("GET", "/nothing"), {("client", "undocumented-path", "", "GET /v1/nothing")}),
        (("DELETE", "/orders"), {("client", "undocumented-method", "", "/orders")}),
    ],
)
def test_a_mistake_of_the_client_that_the_service_refuses_is_the_clients(
    shop: Understudy, call: tuple[Any, ...], expected: set[Shown]
) -> None:
    with examined(shop) as (client, examiner):
        client.call(*call)

    assert shown(examiner.drift) == (expected or {("vendor", "invalid-parameter", "list_orders", "limit")})


def test_a_finding_has_the_three_sides_and_a_command_without_credentials(shop: Understudy) -> None:
    with examined(shop, "status") as (client, examiner):
        client.call("GET", "/orders")
        client.call("GET", "/orders")

    [finding] = examiner.drift
    assert finding.vendor == "answers 203"
    assert finding.document == "status 203 is not declared (there are 200, 401, 400)"
    assert finding.stand_in == "answers 200"
    assert (finding.count, finding.first) == (2, 1)
    assert "/v1/orders" in finding.curl
    assert KEY not in finding.curl


def test_records_of_both_sides_are_followed_by_their_own_ids(shop: Understudy) -> None:
    with examined(shop) as (client, examiner):
        _, order = client.call("POST", "/orders", {"item": "tea"})
        client.call("GET", f"/orders/{order['id']}")
        client.call("DELETE", f"/orders/{order['id']}")
        client.call("GET", f"/orders/{order['id']}")

    assert examiner.calls["get_order", 404] == 1
    assert not examiner.not_compared, "the stand-in has each record too"
    assert shown(examiner.drift) == set()


def test_a_record_from_before_the_session_is_not_compared(shop: Understudy) -> None:
    with examined(shop) as (client, examiner):
        client.service.new_order({"item": "old"})
        client.call("GET", "/orders/ord-0001-live")

    assert shown(examiner.drift) == set()
    assert dict(examiner.not_compared) == {"the records of the two differ": 1}
