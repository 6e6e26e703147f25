"""Each way in which a service is off is found, with who has moved, and nothing else is."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.proxy.drifting_service import KEY
from tests.proxy.examined_service import LIMIT, Client, Shown, examined, shown
from tests.proxy.running_proxy import received
from understudy.app import Understudy
from understudy.proxy.drift_findings import MAX_FINDINGS, DriftFinding, FoundDrift, Party


def test_nothing_is_found_in_a_service_that_keeps_to_its_document(shop: Understudy) -> None:
    with examined(shop) as (client, examiner):
        client.usual()
        assert client.call("GET", "/orders/unknown") == (404, {"message": "no such order"})

    assert shown(examiner.drift) == set()
    assert examiner.calls["create_order", 201] == 3
    assert not examiner.unchecked


def test_a_body_that_is_too_large_to_be_stored_is_counted_and_not_held_against_the_document(shop: Understudy) -> None:
    with examined(shop) as (client, examiner):
        client.call("POST", "/orders", {"item": "x" * (LIMIT + 1)})

    assert shown(examiner.drift) == set()
    assert examiner.unchecked == {f"bodies of {side}s: over {LIMIT} bytes": 1 for side in ("request", "response")}


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
        (("GET", "/orders?page=2"), {("client", "undocumented-parameter", "list_orders", "page")}),
        (("POST", "/orders", {"item": "a", "x": 1}), {("client", "undocumented-request-field", "create_order", "/x")}),
        (("POST", "/orders", {"quantity": 1}), {("client", "invalid-request-body", "create_order", "/item")}),
        (("GET", "/orders", None, ""), {("client", "missing-credentials", "list_orders", "")}),
        (("GET", "/nothing"), {("client", "undocumented-path", "", "GET /v1/nothing")}),
        (("DELETE", "/orders"), {("client", "undocumented-method", "", "/orders")}),
    ],
)
def test_a_mistake_of_the_client_that_the_service_refuses_is_the_clients(
    shop: Understudy, call: tuple[Any, ...], expected: set[Shown]
) -> None:
    with examined(shop) as (client, examiner):
        client.call(*call)

    assert expected <= shown(examiner.drift) <= expected | {("vendor", "undocumented-field", "create_order", "/x")}


def test_a_request_that_the_document_forbids_and_the_service_takes_is_the_services(shop: Understudy) -> None:
    with examined(shop) as (client, examiner):
        client.call("GET", "/orders?limit=50")

    assert shown(examiner.drift) == {("vendor", "invalid-parameter", "list_orders", "limit")}


def test_what_http_itself_does_is_no_finding(shop: Understudy) -> None:
    with examined(shop, "unchanged") as (client, examiner):
        client.call("GET", "/orders", if_none_match="1")
        client.call("OPTIONS", "/orders", origin="https://a.example", access_control_request_method="POST")

    assert examiner.calls["list_orders", 304] == 1
    assert shown(examiner.drift) == set()


def test_a_304_that_nobody_asked_for_is_found(shop: Understudy) -> None:
    with examined(shop, "unchanged") as (client, examiner):
        client.call("GET", "/orders")

    assert shown(examiner.drift) == {("vendor", "undocumented-status", "list_orders", "304")}


def test_a_path_of_the_upstream_may_stand_for_the_base_path(shop: Understudy) -> None:
    with examined(shop, prefix="/v1") as (client, examiner):
        assert client.call("GET", "/orders", base="") == (200, [])

    assert examiner.calls["list_orders", 200] == 1
    assert shown(examiner.drift) == set()


def test_a_finding_has_the_three_sides_and_a_command_without_credentials(shop: Understudy) -> None:
    with examined(shop, "status") as (client, examiner):
        client.call("GET", "/orders")
        client.call("GET", "/orders")

    [finding] = examiner.drift
    assert finding.vendor == "answers 203"
    assert finding.document == "status 203 is not declared (declared: 200, 401, 400)"
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


@pytest.mark.parametrize(
    ("method", "target"),
    [("OPTIONS", "*"), ("BREW", "/v1/orders"), ("GET", "/v1//orders"), ("GET", "/v1/%zz?%zz=%zz&=")],
)
def test_an_odd_request_is_examined(shop: Understudy, method: str, target: str) -> None:
    with examined(shop) as (client, examiner), client.proxy.connect() as connection:
        connection.sendall(
            f"{method} {target} HTTP/1.1\r\nHost: a\r\nX-Key: {KEY}\r\nConnection: close\r\n\r\n".encode()
        )
        received(connection)

    assert examiner.calls.total() == 1
    assert not examiner.unchecked
    assert {each.who.value for each in examiner.drift} == {"client"}


def test_findings_are_bounded() -> None:
    found = FoundDrift()
    for number in range(MAX_FINDINGS + 10):
        found.add(DriftFinding("undocumented-field", Party.VENDOR, "get_order", "body", f"/{number}", "", ""), number)

    assert (len(found), found.dropped) == (MAX_FINDINGS, 10)
    assert not found.add(DriftFinding("undocumented-field", Party.VENDOR, "get_order", "body", "/1", "", ""), 1)
    assert found.dropped == 10
