"""Server that speaks SQS and SNS (moto's), and clients of it as a consumer has them (boto3's)."""

import json
import logging
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
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


@contextmanager
def answering(status: int, answer: bytes, calls: list[Any] | None = None) -> Iterator[str]:
    """Run a server that answers every request so; yield its URL. What was sent is added to ``calls``."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if calls is not None:
                calls.append(({name.lower(): value for name, value in self.headers.items()}, json.loads(body)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def recording(calls: list[Any]) -> AbstractContextManager[str]:
    """Return a server that adds the headers and bodies of requests to a list."""
    return answering(200, b"", calls)


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
