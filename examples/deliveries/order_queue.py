"""Consumer of order events from an SQS queue: each event is applied once, in whatever number it arrives."""

import json
from collections.abc import Callable
from typing import Any

Apply = Callable[[dict[str, Any]], None]


class OrderQueue:
    """Queue of a subscription to orders. An event that cannot be applied stays in the queue."""

    def __init__(self, client: Any, url: str, apply: Apply) -> None:
        """Read a queue with a client of boto3, and apply each new event."""
        self._client = client
        self._url = url
        self._apply = apply
        self._applied: set[str] = set()

    def poll(self) -> int:
        """Apply the events that are waiting; return the number of new ones."""
        answer = self._client.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10)
        before = len(self._applied)
        for message in answer.get("Messages", ()):
            event = json.loads(message["Body"])
            if event["id"] not in self._applied:
                try:
                    self._apply(event)
                except ValueError:
                    continue  # it is visible again later
                self._applied.add(event["id"])
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return len(self._applied) - before
