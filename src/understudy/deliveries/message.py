"""Message as a sender takes it, and what came of one attempt to send it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """Message of a vendor for one target.

    ``id`` is the world's name and the id of the outbox's record, so that no two worlds send the same; ``kind``,
    ``destination``, ``method``, ``attributes`` and ``group`` are those of the record.
    ``key`` is the same for all attempts of one delivery, and for no other delivery; by it a queue drops what it has.
    ``target`` is the URL to which it goes, ``at`` the world's time of the attempt. ``headers`` and ``body`` are final:
    a sender adds only what its protocol needs.
    """

    id: str
    kind: str
    destination: str
    target: str
    body: bytes
    at: datetime
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""
    key: str = ""
    timeout: float = 10.0


@dataclass(frozen=True, slots=True)
class SendResult:
    """Result of one attempt: the status that the target answered, if any, and why it failed, empty if it did not."""

    status: int | None = None
    error: str = ""


class Sender(Protocol):
    """Sender of messages by one protocol. It never raises for what a target or the network does."""

    async def send(self, message: Message) -> SendResult:
        """Make one attempt."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...
