"""Recorded answers of a service, found again by operation, parameters and body."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from understudy.control.secret_texts import HIDDEN
from understudy.core.media_types import FORM, is_json
from understudy.core.reply import Reply
from understudy.state.journal import Exchange

RECORDING = "recording"
"""Fidelity of an answer that a service has given."""

MIN_LIKENESS = 0.5
"""Part of a body's members from which a recording answers another body."""

NOT_REPLAYED = frozenset(
    """connection keep-alive proxy-connection transfer-encoding content-encoding content-length content-type te trailer
    upgrade alt-svc strict-transport-security date""".split()
)
"""Headers that are about the recorded connection, or that are made anew."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """Request to an operation, as texts, and the answer to it."""

    path_values: Mapping[str, str]
    query: Pairs
    body: frozenset[tuple[str, str]]
    reply: Reply

    def likeness(self, body: frozenset[tuple[str, str]]) -> float:
        """Return how like a body is to that of the request, from 0 to 1."""
        whole = self.body | body
        return len(self.body & body) / len(whole) if whole else 1.0


@dataclass(slots=True)
class Recordings:
    """Recordings of one document, by operationId and in the order in which they were made."""

    _by_operation: dict[str, list[Recording]] = field(default_factory=dict)

    def __contains__(self, operation: str) -> bool:
        return operation in self._by_operation

    def add(self, operation: str, path_values: Mapping[str, str], exchange: Exchange) -> None:
        """Add an exchange of an operation; its path's values are percent-decoded."""
        query = query_pairs(parse_qsl(exchange.query.decode("latin-1"), keep_blank_values=True))
        texts = {name: unquote(value) for name, value in path_values.items()}
        recording = Recording(texts, query, frozenset(leaves(request_value(exchange))), _reply(exchange))
        self._by_operation.setdefault(operation, []).append(recording)

    def find(self, operation: str, path_values: Mapping[str, str], query: Pairs, body: Any) -> Sequence[Recording]:
        """Return the recordings that answer a request best, in their order; none if the parameters are others."""
        wanted = frozenset(leaves(body))
        fitting = [
            each
            for each in self._by_operation.get(operation, ())
            if each.query == query and each.path_values == path_values
        ]
        best = max((each.likeness(wanted) for each in fitting), default=0.0)
        if best < MIN_LIKENESS:
            return ()
        first = next(each for each in fitting if each.likeness(wanted) == best)
        return [each for each in fitting if each.body == first.body]


def query_pairs(pairs: Sequence[tuple[str, str]]) -> Pairs:
    """Return the pairs of a query in an order of their own."""
    return tuple(sorted(pairs))


def request_value(exchange: Exchange) -> Any:
    """Return the value of a request's body: JSON, the fields of a form, or its text; ``None`` for none."""
    body = exchange.request_body
    media = _media(exchange.request_headers)
    if not body:
        return None
    if is_json(media):
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            return body.decode(errors="replace")
    if media == FORM:
        fields: dict[str, list[str]] = {}
        for name, value in parse_qsl(body.decode(errors="replace"), keep_blank_values=True):
            fields.setdefault(name, []).append(value)
        return fields
    return body.decode(errors="replace")


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield place and text of each value that is no object and no list; a list of one value is that value."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from leaves(part, f"{place}/{name}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from leaves(part, place if len(value) == 1 else f"{place}/{number}")
    elif value is not None:
        yield place, str(value)


def _reply(exchange: Exchange) -> Reply:
    headers: dict[str, str] = {}
    for raw_name, raw_value in exchange.response_headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name not in NOT_REPLAYED and not name.startswith("understudy-") and _is_sendable(value):
            headers[name] = value
    media = next((value for name, value in exchange.response_headers if name.lower() == b"content-type"), b"")
    return Reply(
        status=exchange.status,
        headers=headers,
        media_type=media.decode("latin-1") if exchange.response_body else "",
        text=exchange.response_body,
        fidelity=RECORDING,
    )


def _is_sendable(value: str) -> bool:
    return value.isascii() and value.isprintable() and value != HIDDEN


def _media(headers: Sequence[tuple[bytes, bytes]]) -> str:
    found = next((value for name, value in headers if name.lower() == b"content-type"), b"")
    return found.partition(b";")[0].strip().lower().decode("latin-1")
