"""Messages to queues and topics: of moto's server, read by a consumer with boto3."""

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin

from tests.deliveries.queues import REGION, answering, client, free_port, received, running_server
from understudy.core.misconfigured import Misconfigured
from understudy.deliveries import queue_sender
from understudy.deliveries.message import Message, SendResult
from understudy.deliveries.queue_library import check_library
from understudy.deliveries.queue_sender import (
    NotAQueue,
    QueueSender,
    QueueTarget,
    message_attributes,
    queue_target,
)

NOW = datetime(2026, 2, 1, tzinfo=UTC)
QUEUE = "https://sqs.ap-southeast-2.amazonaws.com/123456789012/orders"
TOPIC = "arn:aws:sns:ap-southeast-2:123456789012:orders"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture
def consumer(server: str) -> Any:
    return client(server, "sqs")


@pytest.fixture
def queue(consumer: Any) -> Iterator[str]:
    url = consumer.create_queue(QueueName="orders")["QueueUrl"]
    yield url
    consumer.delete_queue(QueueUrl=url)


@pytest.fixture
def fifo_queue(consumer: Any) -> Iterator[str]:
    url = consumer.create_queue(QueueName="orders.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    yield url
    consumer.delete_queue(QueueUrl=url)


def message(target: str, body: object = "hello", **others: Any) -> Message:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    fixed: dict[str, Any] = {"id": "twc-1", "kind": "sqs", "destination": QUEUE, "at": NOW}
    return Message(**{**fixed, "target": target, "body": text, **others})


def send(*messages: Message) -> list[SendResult]:
    """Send messages one after another."""

    async def run() -> list[SendResult]:
        sender = QueueSender()
        try:
            return [await sender.send(each) for each in messages]
        finally:
            await sender.close()

    return asyncio.run(run())


def test_messages_arrive_with_their_attributes(server: str, consumer: Any, queue: str) -> None:
    attributes = {"entityType": "ORDER", "count": 2, "is_new": True, "empty": "", "none": None, "tags": ["a"]}
    results = send(message(server, {"total": 5}, attributes=attributes))

    assert results == [SendResult(200)]
    [found] = received(consumer, queue)
    assert json.loads(found["Body"]) == {"total": 5}
    read = {name: (each["DataType"], each["StringValue"]) for name, each in found["MessageAttributes"].items()}
    assert read == {
        "entityType": ("String", "ORDER"),
        "count": ("Number", "2"),
        "is_new": ("String", "true"),
        "tags": ("String", '["a"]'),
    }


@pytest.mark.parametrize("start", ["", "sqs+"])
def test_a_target_names_the_queue_or_takes_the_destinations(server: str, consumer: Any, queue: str, start: str) -> None:
    other = consumer.create_queue(QueueName="other")["QueueUrl"]
    send(message(f"{start}{server}", "one"), message(f"{start}{other}", "two"))

    assert [each["Body"] for each in received(consumer, queue)] == ['"one"']
    assert [each["Body"] for each in received(consumer, other)] == ['"two"']


def test_a_queue_that_keeps_the_order_gets_the_groups(server: str, consumer: Any, fifo_queue: str) -> None:
    groups = ["ORDER/1", "ORDER/2", "ORDER/1", "née", ""]
    results = send(
        *(
            message(f"{server}/123456789012/orders.fifo", number, id=f"twc-{number}", group=group)
            for number, group in enumerate(groups)
        )
    )

    assert results == [SendResult(200)] * 5
    found = received(consumer, fifo_queue)
    assert [each["Body"] for each in found] == ["0", "1", "2", "3", "4"]
    named = [each["Attributes"]["MessageGroupId"] for each in found]
    assert named[:3] == groups[:3]
    assert len(named[3]) == 64  # a group that the service would refuse
    assert named[4] == QUEUE


def test_an_attempt_that_is_repeated_arrives_once_in_such_a_queue(server: str, consumer: Any, fifo_queue: str) -> None:
    target = f"{server}/123456789012/orders.fifo"
    send(message(target, key="a"), message(target, key="a"), message(target, key="b"))
    assert [each["Attributes"]["MessageDeduplicationId"] for each in received(consumer, fifo_queue)] == ["a", "b"]


def test_a_topic_passes_messages_on(server: str, consumer: Any, queue: str) -> None:
    topics = client(server, "sns")
    topic = topics.create_topic(Name="orders")["TopicArn"]
    arn = consumer.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topics.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    results = send(
        message(server, "one", kind="sns", destination=TOPIC, attributes={"entityType": "ORDER"}),
        message(f"sns+{server}/{TOPIC}", "two", kind="sns", destination="sns:5"),
    )

    assert results == [SendResult(200)] * 2
    found = [json.loads(each["Body"]) for each in received(consumer, queue)]
    assert sorted(each["Message"] for each in found) == ['"one"', '"two"']
    assert next(each for each in found if each["Message"] == '"one"')["MessageAttributes"] == {
        "entityType": {"Type": "String", "Value": "ORDER"}
    }


def test_a_queue_that_is_gone_is_an_error(server: str) -> None:
    [result] = send(message(f"{server}/123456789012/gone"))
    assert result.status == 400
    assert result.error.startswith("AWS.SimpleQueueService.NonExistentQueue: ")


def test_a_topic_that_is_gone_is_an_error(server: str) -> None:
    [result] = send(message(server, kind="sns", destination=f"{TOPIC}-gone"))
    assert result.status == 404
    assert result.error.startswith("NotFound")


def test_wrong_credentials_are_an_error_and_right_ones_are_not(
    server: str, consumer: Any, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = client(server, "iam")
    users.create_user(UserName="twc")
    allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
    users.put_user_policy(UserName="twc", PolicyName="send", PolicyDocument=json.dumps(allowed))
    made = users.create_access_key(UserName="twc")["AccessKey"]
    right = {"Access-Key": made["AccessKeyId"], "Access-Secret": made["SecretAccessKey"], "Region": REGION}
    monkeypatch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0.0)
    monkeypatch.setattr(ActionAuthenticatorMixin, "request_count", 0)

    results = send(
        message(server, "right", headers=right),
        message(server, "wrong", headers={**right, "Access-Key": "AKIA0000000000000000"}),
        message(server, "wrong", headers={**right, "Access-Secret": "guessed"}),
        message(server, "none"),
    )

    assert results[0] == SendResult(200)
    assert [(each.status, bool(each.error)) for each in results[1:]] == [(403, True)] * 3
    monkeypatch.undo()
    assert [each["Body"] for each in received(consumer, queue)] == ['"right"']


def test_an_endpoint_that_is_down_is_an_error_until_it_is_up() -> None:
    port = free_port()
    target = f"http://127.0.0.1:{port}/123456789012/late"

    async def run() -> list[SendResult]:
        sender = QueueSender()
        results = [await sender.send(message(target, "late"))]
        with running_server(port) as url:
            queue = client(url, "sqs").create_queue(QueueName="late")["QueueUrl"]
            results.append(await sender.send(message(target, "late")))
            bodies.extend(each["Body"] for each in received(client(url, "sqs"), queue))
        await sender.close()
        return results

    bodies: list[str] = []
    down, up = asyncio.run(run())

    assert (down.status, "Could not connect" in down.error) == (None, True)
    assert (up, bodies) == (SendResult(200), ['"late"'])


def test_others_run_while_a_message_is_sent(queue: str) -> None:
    async def run() -> int:
        sender, turns = QueueSender(), 0
        sending = asyncio.ensure_future(sender.send(message(queue)))
        while not sending.done():
            await asyncio.sleep(0.0005)
            turns += 1
        await sender.close()
        assert sending.result() == SendResult(200)
        return turns

    assert asyncio.run(run()) > 1


def test_a_body_that_is_no_text_is_an_error(server: str) -> None:
    assert send(message(server, b"\xff")) == [SendResult(error="the body is no text in UTF-8")]


def test_the_machines_own_proxies_and_endpoints_are_not_used(queue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert send(message(queue)) == [SendResult(200)]


def test_more_credentials_than_are_kept_send_as_well(queue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_sender, "MAX_CLIENTS", 1)
    keys = [{"Access-Key": f"key-{number}"} for number in range(2)]
    assert send(*(message(queue, headers=each) for each in keys * 2)) == [SendResult(200)] * 4


@pytest.mark.parametrize(
    ("kind", "target", "destination", "found"),
    [
        ("sqs", "http://h:5000", QUEUE, QueueTarget("sqs", "http://h:5000", "http://h:5000/123456789012/orders")),
        ("sqs", "http://h:5000/", QUEUE, QueueTarget("sqs", "http://h:5000", "http://h:5000/123456789012/orders")),
        ("sqs", "http://h", "orders.fifo", QueueTarget("sqs", "http://h", "http://h/orders.fifo")),
        ("sqs", "http://h/q", QUEUE, QueueTarget("sqs", "http://h", "http://h/q")),
        ("webhook", "sqs+http://h/1/q", "x", QueueTarget("sqs", "http://h", "http://h/1/q")),
        ("sns", "https://h", TOPIC, QueueTarget("sns", "https://h", TOPIC)),
        ("sqs", f"sns+http://h/{TOPIC}", QUEUE, QueueTarget("sns", "http://h", TOPIC)),
        ("sns", f"http://h/{TOPIC.replace(':', '%3A')}", "sns:5", QueueTarget("sns", "http://h", TOPIC)),
    ],
)
def test_a_target_is_read(kind: str, target: str, destination: str, found: QueueTarget) -> None:
    assert queue_target(kind, target, destination) == found


@pytest.mark.parametrize(
    ("kind", "target", "destination", "reason"),
    [
        ("sqs", "http://h", "sqs:orders", "names no queue, and 'sqs:orders'"),
        ("sqs", "http://h", "https://sqs.example", "names no queue"),
        ("sns", "http://h", "sns:5", "names no topic"),
        ("sns", "http://h/queue", TOPIC, "names no topic"),
        ("webhook", "http://h/q", "x", "no address of a queue"),
        ("sqs", "webhook+http://h/q", QUEUE, "no address of a queue"),
        ("sqs", "sqs+ftp://h/q", QUEUE, "no address of a queue"),
        ("sqs", "h:5000", QUEUE, "no address of a queue"),
        ("sqs", "http:///q", QUEUE, "no address of a queue"),
        ("sqs", "sqs+", QUEUE, "no address of a queue"),
    ],
)
def test_a_target_that_names_no_queue_is_refused(kind: str, target: str, destination: str, reason: str) -> None:
    with pytest.raises(NotAQueue, match=reason):
        queue_target(kind, target, destination)
    [result] = send(message(target, kind=kind, destination=destination))
    assert (result.status, reason in result.error) == (None, True)


ANSWERS = [
    (200, b""),
    (200, b"ok"),
    (200, b"{}"),
    (200, b"[1]"),
    (200, b"\xff"),
    (200, b"<x/>"),
    (302, b""),
    (500, b"no"),
]


@pytest.mark.parametrize("kind", ["sqs", "sns"])
def test_an_endpoint_that_speaks_something_else_has_not_taken_a_message(kind: str) -> None:
    queue = QUEUE if kind == "sqs" else TOPIC
    for status, answer in ANSWERS:
        with answering(status, answer) as url:
            [result] = send(message(url, kind=kind, destination=queue))
        assert result.error, (status, answer)
        if status == 200:
            assert result.error == f"{url} does not speak {kind.upper()}: webhook+{url} posts the message as a request"


def test_attributes_have_the_types_of_the_services() -> None:
    assert message_attributes({"a": 1.5, "b": False, "c": {"d": "é"}}) == {
        "a": {"DataType": "Number", "StringValue": "1.5"},
        "b": {"DataType": "String", "StringValue": "false"},
        "c": {"DataType": "String", "StringValue": '{"d":"\\u00e9"}'},
    }


def test_the_library_that_is_missing_is_named_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    check_library()
    monkeypatch.setitem(sys.modules, "boto3", None)
    for make in (check_library, QueueSender):
        with pytest.raises(Misconfigured, match=r"needs boto3: pip install 'understudy\[aws\]'$"):
            make()
