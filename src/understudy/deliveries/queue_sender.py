"""Sender to queues and topics: of any endpoint that speaks SQS or SNS, with boto3, on threads of its own.

Credentials are those of the message, never this machine's: a test must not reach a real account.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from importlib import import_module
from json import dumps
from os import devnull
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

from understudy.deliveries.message import Message, SendResult
from understudy.deliveries.queue_library import (
    KEY_HEADER,
    REGION_HEADER,
    SECRET_HEADER,
    check_library,
)
from understudy.deliveries.targets import POST, QUEUES, service_of

USUAL_REGION = "us-east-1"
USUAL_CREDENTIAL = "understudy"
"""Access key and secret of messages without any."""

OWN_VARIABLES = {
    "profile": (None, None, None, None),
    "config_file": (None, None, devnull, None),
    "credentials_file": (None, None, devnull, None),
}
"""Variables of a session that reads neither the profile nor the files of this machine's account."""

THREADS = 8
MAX_CLIENTS = 32
"""Number of clients that are kept, one for each endpoint, region and credentials."""

CONNECT_SECONDS = 5.0
FIFO = ".fifo"
QUEUE_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}(?:\.fifo)?")
GROUP = re.compile(r"[A-Za-z0-9!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]{1,128}")
"""Group or deduplication id that the services take."""

REGION = re.compile(r"arn:[^:]*:sns:(?P<topic>[^:]+):|https?://sqs\.(?P<queue>[a-z0-9-]+)\.amazonaws\.")
TOPIC = re.compile(r"arn:[^/\s]+")


class NotAQueue(ValueError):  # noqa: N818 - a fact about a target
    """Target that names no queue and no topic."""


@dataclass(frozen=True, slots=True)
class QueueTarget:
    """Queue or topic: its service, the address of the endpoint, and the URL of the queue or the ARN of the topic."""

    service: str
    endpoint: str
    name: str

    @property
    def is_fifo(self) -> bool:
        """True for a queue or topic that keeps the order of each group's messages."""
        return self.name.endswith(FIFO)


def queue_target(kind: str, target: str, destination: str) -> QueueTarget:
    """Return the queue or topic of a target; raise ``NotAQueue`` if it names none.

    ``sqs+http://127.0.0.1:5000/queue`` is a queue and ``sns+http://127.0.0.1:5000/arn:aws:sns:…`` a topic; without such
    a start, ``kind`` says which. A target without a path takes the path of the destination, or the topic that it names.
    """
    service = service_of(target) or kind
    parts = urlsplit(target.removeprefix(f"{service_of(target)}+"))
    if service not in QUEUES or parts.scheme not in ("http", "https") or not parts.netloc:
        raise NotAQueue(f"{target!r} is no address of a queue or a topic")
    endpoint = f"{parts.scheme}://{parts.netloc}"
    path = unquote(parts.path).strip("/")
    if service == "sns":
        topic = path or destination
        if not TOPIC.fullmatch(topic):
            raise NotAQueue(f"{target!r} names no topic, and {destination!r} is none: write the ARN after the address")
        return QueueTarget(service, endpoint, topic)
    path = path or _queue_path(destination)
    if not path:
        raise NotAQueue(f"{target!r} names no queue, and {destination!r} is none: write its path after the address")
    return QueueTarget(service, endpoint, f"{endpoint}/{path}")


def _queue_path(destination: str) -> str:
    """Return the path of a queue that a destination names, by its URL or its name; empty if it names none."""
    if QUEUE_NAME.fullmatch(destination):
        return destination
    return urlsplit(destination).path.strip("/") if destination.startswith(("http://", "https://")) else ""


class QueueSender:
    """Sender of messages to queues and topics. Its threads end with ``close``."""

    def __init__(self) -> None:
        """Load the library; raise ``Misconfigured`` if it is not installed."""
        check_library()
        self._errors: Any = import_module("botocore.exceptions")
        self._config = partial(
            import_module("botocore.config").Config,
            retries={"total_max_attempts": 1},
            proxies={},
            ignore_configured_endpoint_urls=True,
            max_pool_connections=THREADS,
        )
        own = import_module("botocore.session").Session(session_vars=OWN_VARIABLES)
        self._session: Any = import_module("boto3.session").Session(botocore_session=own, region_name=USUAL_REGION)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="understudy-queues")
        self._clients: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._making = Lock()

    async def send(self, message: Message) -> SendResult:
        """Make one attempt, on a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._send, message)

    async def close(self) -> None:
        """Close all connections; an attempt that is under way ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._making:
            clients = [*self._clients.values()]
            self._clients.clear()
        for client in clients:
            client.close()

    def _send(self, message: Message) -> SendResult:
        try:
            target = queue_target(message.kind, message.target, message.destination)
            text = message.body.decode()
        except UnicodeDecodeError:
            return SendResult(error="the body is no text in UTF-8")
        except NotAQueue as error:
            return SendResult(error=str(error))
        try:
            answer = self._put(target, text, message)
        except self._errors.ClientError as error:
            found = error.response.get("Error", {})
            answered = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            return SendResult(answered, f"{found.get('Code', 'error')}: {found.get('Message', '')}".strip(": "))
        except self._errors.BotoCoreError as error:
            return SendResult(error=str(error))
        except Exception:  # noqa: BLE001 - boto3 raises anything for an answer that it cannot read
            return SendResult(error=_not_spoken(target))
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return SendResult(status, "" if answer.get("MessageId") else _not_spoken(target))

    def _put(self, target: QueueTarget, text: str, message: Message) -> Mapping[str, Any]:
        """Put a message into its queue or topic; return the answer."""
        headers = {REGION_HEADER: _region_of(target.name) or _region_of(message.destination)}
        headers |= {name.lower(): value for name, value in message.headers.items()}
        client, attributes = self._client(target, headers, message.timeout), message_attributes(message.attributes)
        others = {**({"MessageAttributes": attributes} if attributes else {}), **_ordering(target, message)}
        answer: Mapping[str, Any]
        if target.service == "sqs":
            answer = client.send_message(QueueUrl=target.name, MessageBody=text, **others)
        else:
            answer = client.publish(TopicArn=target.name, Message=text, **others)
        return answer

    def _client(self, target: QueueTarget, headers: Mapping[str, str], timeout: float) -> Any:
        """Return the client of an endpoint, region, credentials and timeout. Clients are made one at a time."""
        region = headers.get(REGION_HEADER) or USUAL_REGION
        access_key = headers.get(KEY_HEADER) or USUAL_CREDENTIAL
        secret = headers.get(SECRET_HEADER) or USUAL_CREDENTIAL
        key = (target.service, target.endpoint, region, access_key, secret, timeout)
        with self._making:
            client = self._clients.get(key)
            if client is None:
                client = self._clients[key] = self._session.client(
                    target.service,
                    endpoint_url=target.endpoint,
                    region_name=region,
                    aws_access_key_id=access_key,
                    aws_secret_access_key=secret,
                    config=self._config(connect_timeout=min(CONNECT_SECONDS, timeout), read_timeout=timeout),
                )
                if len(self._clients) > MAX_CLIENTS:
                    self._clients.popitem(last=False)
            self._clients.move_to_end(key)
            return client


def _not_spoken(target: QueueTarget) -> str:
    service = target.service.upper()
    return f"{target.endpoint} does not speak {service}: {POST}+{target.endpoint} posts the message as a request"


def _region_of(name: str) -> str:
    """Return the region that the URL of a queue or the ARN of a topic names; empty if it names none."""
    found = REGION.match(name)
    return (found["topic"] or found["queue"]) if found else ""


def _ordering(target: QueueTarget, message: Message) -> dict[str, str]:
    """Return the group and the deduplication id of a message to a target that keeps the order."""
    if not target.is_fifo:
        return {}
    return {
        "MessageGroupId": _as_id(message.group or message.destination),
        "MessageDeduplicationId": _as_id(message.key or message.id),
    }


def _as_id(text: str) -> str:
    return text if GROUP.fullmatch(text) else sha256(text.encode()).hexdigest()


def message_attributes(given: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the attributes of a message in the form of SQS and SNS: numbers, or texts; empty ones are left out."""
    made = {}
    for name, value in given.items():
        if value is None or value == "":
            continue
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        text = value if isinstance(value, str) else dumps(value, separators=(",", ":"))
        made[name] = {"DataType": "Number" if is_number else "String", "StringValue": text}
    return made
