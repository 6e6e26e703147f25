"""From an event of TWC to the consumer of its queue: publish, consume, fail, retry, give up, replay."""

import time
from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer
from order_queue import OrderQueue

from understudy.client import RemoteDelivery, RemoteVendor

REGION = "ap-southeast-2"
NAME = "orders"
API = "/services/eventcollector/api/v1"


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """Return the address of a server that speaks SQS."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def sqs(endpoint: str) -> Iterator[Any]:
    keys = {"aws_access_key_id": "consumer", "aws_secret_access_key": "consumer"}
    client = boto3.client("sqs", endpoint_url=endpoint, region_name=REGION, **keys)
    yield client
    client.close()


@pytest.fixture
def queue(sqs: Any) -> Iterator[str]:
    url = str(sqs.create_queue(QueueName=NAME, Attributes={"VisibilityTimeout": "0"})["QueueUrl"])
    yield url
    sqs.delete_queue(QueueUrl=url)


class Shop:
    """Program that reports its orders to TWC."""

    def __init__(self, twc: RemoteVendor) -> None:
        known = twc.credentials
        form = {"grant_type": "client_credentials", **{name: known[name] for name in ("client_id", "client_secret")}}
        token = httpx.post(f"{twc.url}/auth/realms/{known['tenant']}/protocol/openid-connect/token", data=form).json()
        self.url = twc.url
        self.headers = {"Authorization": f"Bearer {token['access_token']}", "X-TWC-Tenant": known["tenant"]}

    def subscribe(self) -> None:
        """Ask for new orders to be sent to the queue."""
        sqs = {"queueUrl": f"https://sqs.{REGION}.amazonaws.com/123456789012/{NAME}", "region": REGION}
        body = {"entityType": "ORDER", "destination": {"type": "SQS", "sqs": sqs}, "subscribeCreate": True}
        httpx.post(f"{self.url}{API}/event-subscription", json=body, headers=self.headers).raise_for_status()

    def report(self, order: str) -> None:
        """Report a new order."""
        body = {
            "id": f"event-{order}",
            "entity_id": order,
            "entity_name": "ORDER",
            "event_type": "ENTITY_EVENT",
            "event_source": "APPLICATION",
            "event_payload": {"operation": "CREATE", "entity_id": order},
        }
        httpx.post(f"{self.url}{API}/events", json=body, headers=self.headers).raise_for_status()


@pytest.fixture
def shop(twc: RemoteVendor, endpoint: str) -> Shop:
    rule = {"destination": "https://sqs.*", "target": endpoint, "retries": {"attempts": 3, "backoff": [10, 60]}}
    twc.world.set_delivery_rules([{**rule, "ordered": True}])
    found = Shop(twc)
    found.subscribe()
    return found


def after_attempts(delivery: RemoteDelivery, count: int) -> None:
    """Wait until a delivery was tried so often."""
    end = time.monotonic() + 30
    while len(delivery.show()["attempts"]) < count:
        assert time.monotonic() < end, delivery
        time.sleep(0.01)


def test_what_is_published_is_consumed(shop: Shop, twc: RemoteVendor, sqs: Any, queue: str) -> None:
    orders: list[str] = []
    consumer = OrderQueue(sqs, queue, lambda event: orders.append(event["entity_id"]))
    for number in range(3):
        shop.report(f"o-{number}")
    twc.deliveries(state="delivered", wait=30, at_least=3)

    assert consumer.poll() == 3
    assert sorted(orders) == ["o-0", "o-1", "o-2"]
    assert consumer.poll() == 0


def test_an_event_that_cannot_be_applied_stays_in_the_queue(
    shop: Shop, twc: RemoteVendor, sqs: Any, queue: str
) -> None:
    failures = [ValueError("no stock yet")]

    def apply(_event: dict[str, Any]) -> None:
        if failures:
            raise failures.pop()

    consumer = OrderQueue(sqs, queue, apply)
    shop.report("o-1")
    twc.deliveries(state="delivered", wait=30)

    assert [consumer.poll() for _ in range(2)] == [0, 1]


def test_an_event_that_comes_twice_is_applied_once(shop: Shop, twc: RemoteVendor, sqs: Any, queue: str) -> None:
    orders: list[str] = []
    consumer = OrderQueue(sqs, queue, lambda event: orders.append(event["entity_id"]))
    shop.report("o-1")
    [delivery] = twc.deliveries(state="delivered", wait=30)
    consumer.poll()
    delivery.resend()
    after_attempts(delivery, 2)

    assert consumer.poll() == 0
    assert orders == ["o-1"]


def test_a_queue_that_is_gone_is_tried_again_given_up_and_replayed(shop: Shop, twc: RemoteVendor, sqs: Any) -> None:
    shop.report("o-1")
    [failed] = twc.deliveries(state="failed", wait=30)
    assert "NonExistentQueue" in failed["attempts"][0]["error"]

    twc.clock.move(seconds=10)
    after_attempts(failed, 2)
    twc.clock.move(seconds=60)
    [given_up] = twc.deliveries(state="given up", wait=30)
    assert len(given_up["attempts"]) == 3

    queue = sqs.create_queue(QueueName=NAME)["QueueUrl"]
    assert twc.world.replay(state="given up") == 1
    twc.deliveries(state="delivered", wait=30)
    assert OrderQueue(sqs, queue, lambda _event: None).poll() == 1
    sqs.delete_queue(QueueUrl=queue)
