"""Clients that hang up while a latency delays their call (docs/decisions/0033)."""

import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.conftest import StandIn
from understudy.state.faults import Fault
from understudy.state.vendor_state import VendorState

DELAY = 0.3
CUSTOMERS = "customers"


def wait_for(claim: Callable[[], bool]) -> bool:
    """Return whether a claim becomes true within ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if claim():
            return True
        time.sleep(0.02)
    return claim()


def hang_up(stand_in: StandIn, method: str, path: str, body: bytes = b"", *, cut: int = 0) -> None:
    """Send a request and close the connection before the answer; ``cut`` leaves out so many bytes of the body."""
    served = stand_in.understudy.vendors["contacthub"]
    assert served.vendor.sign_in
    url = urlsplit(stand_in.url("contacthub"))
    headers = {
        "Host": url.netloc, "Content-Type": "application/json", "Content-Length": str(len(body)),
        **served.vendor.sign_in(stand_in.state("contacthub")),
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    workspace = stand_in.credentials("contacthub")["workspace"]
    target = f"{url.path}/workspaces/{workspace}{path}"
    with socket.create_connection((str(url.hostname), url.port or 0), timeout=10) as connection:
        connection.sendall(f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode() + body[: len(body) - cut])
        assert wait_for(lambda: any(fault.seen for fault in stand_in.world.faults))


def delay(stand_in: StandIn, when: str) -> None:
    fault = Fault("latency", vendor="contacthub", when=when, delay=DELAY)
    stand_in.world.faults.add(fault, stand_in.clock.timestamp())


@pytest.fixture
def state(stand_in: StandIn) -> VendorState:
    return stand_in.state("contacthub")


def test_a_delete_whose_client_hangs_up_before_it_is_not_carried_out(stand_in: StandIn, state: VendorState) -> None:
    delay(stand_in, "before")
    customer = state.collection(CUSTOMERS).keys()[0]

    hang_up(stand_in, "DELETE", f"/customers/{customer}")
    time.sleep(DELAY * 3)

    assert customer in state.collection(CUSTOMERS)
    assert len(stand_in.world.journal) == 0


def test_a_delete_whose_client_hangs_up_after_it_stays_carried_out(stand_in: StandIn, state: VendorState) -> None:
    delay(stand_in, "after")
    customer = state.collection(CUSTOMERS).keys()[0]

    hang_up(stand_in, "DELETE", f"/customers/{customer}")

    assert wait_for(lambda: len(stand_in.world.journal) == 1)
    assert customer not in state.collection(CUSTOMERS)
    assert [exchange.operation for exchange in stand_in.world.journal] == ["delete_customer"]


@pytest.mark.parametrize(("when", "added"), [("before", 0), ("after", 1)])
def test_a_post_whose_client_hangs_up_has_its_effect_only_if_it_had_begun(
    stand_in: StandIn, state: VendorState, when: str, added: int
) -> None:
    delay(stand_in, when)
    before = len(state.collection(CUSTOMERS))
    node = stand_in.credentials("contacthub")["node"]
    body = f'{{"nodeId": "{node}", "externalId": "hung-up", "base": {{"contacts": {{"email": "hung@up.it"}}}}}}'

    hang_up(stand_in, "POST", "/customers", body.encode())
    time.sleep(DELAY * 3)

    assert len(state.collection(CUSTOMERS)) == before + added


def test_a_body_that_ends_too_soon_has_no_effect(stand_in: StandIn, state: VendorState) -> None:
    delay(stand_in, "after")
    before = len(state.collection(CUSTOMERS))

    hang_up(stand_in, "POST", "/customers", b'{"nodeId": "x"}  ', cut=1)
    time.sleep(DELAY * 2)

    assert len(state.collection(CUSTOMERS)) == before
    assert len(stand_in.world.journal) == 0
