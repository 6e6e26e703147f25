"""Events of TWC that reach a consumer's queue: order, deactivation, an endpoint that is down, a queue that is gone."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from tests.deliveries.queues import client, free_port, received, running_server
from understudy.app import Understudy, create_app
from understudy.core.json_types import Json
from understudy.core.misconfigured import Misconfigured
from understudy.deliveries import queue_library
from understudy.serving import in_background, listen
from understudy.settings import Settings

EVENTS = "/services/eventcollector/api/v1/events"
SUBSCRIPTIONS = "/services/eventcollector/api/v1/event-subscription"
ACCOUNT = "123456789012"
NOW = datetime(2026, 2, 1, 9, tzinfo=UTC)
WAIT_SECONDS = 30.0


class QueueShop:
    """Server of TWC that delivers to one endpoint, with a client of its API."""

    def __init__(self, understudy: Understudy, root: str) -> None:
        self.understudy = understudy
        self.root = root
        self.http = httpx.Client(base_url=f"{root}/twc")
        self.http.headers.update({"Authorization": "Bearer any", "X-TWC-Tenant": "understudy"})

    def subscribe(self, queue: str, kind: str = "ORDER") -> str:
        sqs = {"queueUrl": f"https://sqs.ap-southeast-2.amazonaws.com/{ACCOUNT}/{queue}", "region": "ap-southeast-2"}
        flags = dict.fromkeys(("active", "subscribeCreate", "subscribeChange", "subscribeDelete"), True)
        body = {"entityType": kind, "destination": {"type": "SQS", "sqs": sqs}, **flags}
        answer = self.http.post(SUBSCRIPTIONS, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def post(self, number: int, kind: str = "ORDER", operation: str = "CREATE") -> None:
        payload = {"operation": operation, "entity_id": "o-1"}
        body = {"entity_name": kind, "event_type": "ENTITY_EVENT", "event_source": "SYSTEM", "event_payload": payload}
        assert self.http.post(EVENTS, json={**body, "id": f"event-{number}"}).status_code == 201

    def records(self) -> list[Json]:
        return [*self.understudy.worlds.get_or_create("main").vendors["twc"].outbox]

    def wait(self, is_done: Callable[[list[Json]], bool]) -> list[Json]:
        """Wait until the records of the outbox are as they should be; return them."""
        end = time.monotonic() + WAIT_SECONDS
        while not is_done(records := self.records()):
            assert time.monotonic() < end, records
            time.sleep(0.01)
        return records

    def wait_for(self, *states: str) -> list[Json]:
        return self.wait(lambda records: [each["state"] for each in records] == [*states])

    def move(self, seconds: float) -> None:
        """Move the clock of the world, as the control API does."""
        answer = httpx.post(f"{self.root}/_understudy/api/worlds/main/clock/move", json={"seconds": seconds})
        assert answer.status_code == 200, answer.text


@pytest.fixture
def shop(endpoint: str) -> Iterator[QueueShop]:
    understudy = create_app(Settings(vendors=("twc",), is_strict=False, deliver=(("https://sqs.*", endpoint),)))
    understudy.worlds.get_or_create("main").clock.set(NOW, rate=0)
    with in_background(understudy, listen("127.0.0.1", 0)) as root:
        found = QueueShop(understudy, root)
        yield found
        found.http.close()


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture
def endpoint(running: str) -> str:
    return running


def test_events_reach_the_queue_in_order_with_attributes(shop: QueueShop, running: str) -> None:
    consumer = client(running, "sqs")
    queue = consumer.create_queue(QueueName="in-order.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    shop.understudy.worlds.get_or_create("main").deliveries = (
        {"destination": "*", "target": f"sqs+{running}", "ordered": True},
    )
    shop.understudy.worlds.signal.note("main")
    shop.subscribe("in-order.fifo")
    for number in range(30):
        shop.post(number)

    shop.wait_for(*["delivered"] * 30)
    found = received(consumer, queue, 30)

    assert [json.loads(each["Body"])["id"] for each in found] == [f"event-{number}" for number in range(30)]
    attributes = {name: each["StringValue"] for name, each in found[0]["MessageAttributes"].items()}
    assert attributes == {"entityType": "ORDER", "interactionType": "CREATED", "tenantId": "understudy"}


def test_a_deactivated_subscription_gets_no_more(shop: QueueShop, running: str) -> None:
    consumer = client(running, "sqs")
    queue = consumer.create_queue(QueueName="deactivated")["QueueUrl"]
    key = shop.subscribe("deactivated")
    shop.post(1)
    shop.http.put(f"{SUBSCRIPTIONS}/{key}/deactivate")
    shop.post(2)

    shop.wait_for("delivered")
    assert [json.loads(each["Body"])["id"] for each in received(consumer, queue)] == ["event-1"]


def test_a_queue_that_is_gone_is_tried_again_by_the_clock_and_given_up(shop: QueueShop, running: str) -> None:
    consumer = client(running, "sqs")
    shop.subscribe("gone")
    shop.post(1)
    [record] = shop.wait_for("failed")
    assert record["attempts"][0]["status"] == 400
    assert record["attempts"][0]["error"].startswith("AWS.SimpleQueueService.NonExistentQueue")

    queue = consumer.create_queue(QueueName="gone")["QueueUrl"]
    shop.move(60)
    shop.wait_for("delivered")
    assert [json.loads(each["Body"])["id"] for each in received(consumer, queue)] == ["event-1"]

    consumer.delete_queue(QueueUrl=queue)
    shop.post(2)
    shop.wait_for("delivered", "failed")
    for _ in range(4):
        attempts = len(shop.records()[1]["attempts"])
        shop.move(3600)
        shop.wait(lambda records, count=attempts: len(records[1]["attempts"]) > count)  # type: ignore[misc]
    assert [each["state"] for each in shop.records()] == ["delivered", "given up"]


class TestDown:
    """Endpoint that is down at first."""

    @pytest.fixture
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{free_port()}"

    def test_an_endpoint_that_is_down_gets_the_messages_once_it_is_up(self, shop: QueueShop, endpoint: str) -> None:
        shop.subscribe("late")
        shop.post(1)
        [record] = shop.wait_for("failed")
        assert (record["attempts"][0]["status"], endpoint in record["attempts"][0]["error"]) == (None, True)

        with running_server(int(endpoint.rpartition(":")[2])) as url:
            consumer = client(url, "sqs")
            queue = consumer.create_queue(QueueName="late")["QueueUrl"]
            shop.move(60)
            shop.wait_for("delivered")
            assert [json.loads(each["Body"])["id"] for each in received(consumer, queue)] == ["event-1"]


def test_a_template_mends_the_body(shop: QueueShop, running: str) -> None:
    consumer = client(running, "sqs")
    queue = consumer.create_queue(QueueName="mended")["QueueUrl"]
    template = {"what": "{$attributes#/interactionType}", "order": "{$body#/entity_id}", "n": "{$body#/event_payload}"}
    shop.understudy.worlds.get_or_create("main").deliveries = (
        {"destination": "*/mended", "target": running, "template": template},
    )
    shop.understudy.worlds.signal.note("main")
    shop.subscribe("mended")
    shop.post(1)
    shop.wait_for("delivered")

    [found] = received(consumer, queue)
    assert json.loads(found["Body"]) == {"what": "CREATED", "n": {"operation": "CREATE", "entity_id": "o-1"}}


@pytest.mark.parametrize(
    "given",
    [("*", "sqs+http://127.0.0.1:1/q"), ("https://sqs.*", "http://127.0.0.1:1"), ("arn:*", "http://127.0.0.1:1")],
)
def test_a_server_for_queues_does_not_start_without_the_library(
    given: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_library, "find_spec", lambda _name: None)
    with pytest.raises(Misconfigured, match="needs boto3"):
        create_app(Settings(vendors=("twc",), deliver=(given,)))
