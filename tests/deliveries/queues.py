"""Server that speaks SQS and SNS (moto's), and clients of it as a consumer has them (boto3's)."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

REGION = "ap-southeast-2"


@contextmanager
def running_server(port: int = 0) -> Iterator[str]:
    """Run a server of queues and topics on a free port; yield its URL. Queues of others before it are gone."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    try:
        host, found = server.get_host_and_port()
        url = f"http://{host}:{found}"
        yield url
    finally:
        server.stop()


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def client(url: str, service: str, key: str = "consumer", secret: str = "consumer") -> Any:  # noqa: S107 - no secret
    """Return a consumer's client."""
    return boto3.session.Session().client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}),
    )


def received(consumer: Any, queue: str, count: int = 10) -> list[dict[str, Any]]:
    """Receive the messages of a queue, and delete them there."""
    found: list[dict[str, Any]] = []
    while len(found) < count:
        answer = consumer.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"]
        )
        messages = answer.get("Messages", [])
        if not messages:
            break
        for each in messages:
            consumer.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        found += messages
    return found
