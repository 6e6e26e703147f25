"""Client that retries, over a real connection, against every kind of fault."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.conftest import StandIn
from understudy.state.faults import CALL_KINDS, Fault

MAX_TRIES = 3
PATIENCE = 0.25
TOO_SLOW = {"latency": {"delay": 2 * PATIENCE}, "slow": {"delay": 25 * PATIENCE}}
"""Delays longer than the client waits; that of a slow body is split over its twenty pieces."""


class Retrying:
    """Client that repeats a request until the response is complete, valid JSON and no error."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self.failures: list[str] = []

    def post(self, path: str, body: Any) -> httpx.Response:
        """Return the first good response."""
        for _ in range(MAX_TRIES):
            try:
                answer = self._client.post(path, json=body, timeout=httpx.Timeout(5, read=PATIENCE))
                if answer.status_code < 400:
                    answer.json()
                    return answer
                self.failures.append(str(answer.status_code))
            except (httpx.HTTPError, ValueError) as error:
                self.failures.append(type(error).__name__)
        raise AssertionError(self.failures)


@pytest.fixture
def client(stand_in: StandIn) -> Iterator[httpx.Client]:
    part = stand_in.world.vendors["contacthub"]
    sign_in = stand_in.understudy.vendors["contacthub"].vendor.sign_in
    assert sign_in
    workspace = stand_in.credentials("contacthub")["workspace"]
    url = f"{stand_in.url('contacthub')}/workspaces/{workspace}"
    with httpx.Client(base_url=url, headers=sign_in(part)) as made:
        yield made


@pytest.mark.parametrize("kind", CALL_KINDS)
@pytest.mark.parametrize(("when", "effects"), [("before", 1), ("after", 2)])
def test_a_client_that_tries_again_survives(
    stand_in: StandIn, client: httpx.Client, kind: str, when: str, effects: int
) -> None:
    customer = stand_in.world.vendors["contacthub"].collection("customers").keys()[0]
    event = {
        "customerId": customer,
        "type": "viewedPage",
        "context": "WEB",
        "properties": {"url": "https://example.com/"},
    }
    before = count(client, customer)
    steer = httpx.Client(base_url=f"{stand_in.root}/_understudy/api/worlds/{stand_in.world_name}")
    fault = {"kind": kind, "when": when, "times": 1, "operation": "create_event", "vendor": "contacthub"}
    assert steer.post("/faults", json=fault | TOO_SLOW.get(kind, {})).status_code == 201

    retrying = Retrying(client)
    answer = retrying.post("/events", event)

    assert answer.is_success
    assert len(retrying.failures) == 1, "the fault was seen"
    assert count(client, customer) - before == effects
    assert steer.get("/faults").json() == []
    steer.close()


def count(client: httpx.Client, customer: str) -> int:
    found = client.get("/events", params={"customerId": customer, "type": "viewedPage"}).json()
    return int(found["page"]["totalElements"])


def test_a_dropped_connection_has_no_response_and_the_next_call_is_answered(
    stand_in: StandIn, client: httpx.Client
) -> None:
    stand_in.world.faults.add(Fault("drop", times=1), stand_in.clock.timestamp())

    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        client.get("/customers", params={"nodeId": "x"})

    assert client.get("/events", params={"customerId": "x"}).status_code < 500
