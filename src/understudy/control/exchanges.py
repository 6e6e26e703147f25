"""Journal entries as the control API shows them: bodies decoded, credentials redacted."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from understudy.control.secrets import HIDDEN, Secrets, hide
from understudy.control.times import write_seconds
from understudy.core.json_types import Json
from understudy.core.media_types import FORM
from understudy.state.journal import BREACH, Exchange, RawHeaders


@dataclass(frozen=True, slots=True)
class RedactedExchange:
    """Exchange with its number in the journal, and the names of the credentials to be redacted."""

    number: int
    exchange: Exchange
    secrets: Secrets
    _values: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """Values of the bodies, parsed once: many patterns are compared with one exchange."""

    @property
    def outcome(self) -> str:
        """Outcome of the request: ``breach`` if the response broke the document, else the exchange's own."""
        return BREACH if self.exchange.breach else self.exchange.outcome

    @property
    def query(self) -> dict[str, str]:
        """Query parameters by name; the last value of a repeated one."""
        return dict(parse_qsl(self.exchange.query.decode("latin-1"), keep_blank_values=True))

    def request_headers(self) -> list[Json]:
        """Return the request's headers."""
        return _headers(self.exchange.request_headers, self.secrets)

    def response_headers(self) -> list[Json]:
        """Return the response's headers."""
        return _headers(self.exchange.response_headers, self.secrets)

    def request_value(self) -> Any:
        """Return the value of the request's body."""
        if "request" not in self._values:
            exchange, fields = self.exchange, self.secrets.request_fields
            self._values["request"] = _value(exchange.request_body, media_type(exchange.request_headers), fields)
        return self._values["request"]

    def response_value(self) -> Any:
        """Return the value of the response's body."""
        if "response" not in self._values:
            exchange, fields = self.exchange, self.secrets.response_fields
            self._values["response"] = _value(exchange.response_body, media_type(exchange.response_headers), fields)
        return self._values["response"]

    def request_text(self) -> str:
        """Return the request's body as text."""
        return _text(
            self.exchange.request_body,
            self.request_value(),
            media_type(self.exchange.request_headers),
            self.secrets.request_fields,
        )

    def response_text(self) -> str:
        """Return the response's body as text."""
        exchange = self.exchange
        return _text(
            exchange.response_body,
            self.response_value(),
            media_type(exchange.response_headers),
            self.secrets.response_fields,
        )

    def to_json(self) -> Json:
        """Return the exchange as JSON, as the document's schema ``Exchange`` has it."""
        exchange = self.exchange
        optional = {"fault": exchange.fault, "breach": exchange.breach}
        return {
            "number": self.number,
            "at": write_seconds(exchange.at),
            "now": write_seconds(exchange.world_time),
            "milliseconds": round(exchange.seconds * 1000, 3),
            "vendor": exchange.vendor,
            "operation": exchange.operation,
            "outcome": self.outcome,
            "fidelity": exchange.fidelity,
            **{name: value for name, value in optional.items() if value},
            "request": {
                "method": exchange.method,
                "target": exchange.target,
                "headers": self.request_headers(),
                "body": self.request_value(),
            },
            "response": {"status": exchange.status, "headers": self.response_headers(), "body": self.response_value()},
        }


def media_type(headers: RawHeaders) -> str:
    """Return the media type of the content-type header, without parameters and in lower case."""
    found = next((value for name, value in headers if name == b"content-type"), b"")
    return found.partition(b";")[0].strip().lower().decode("latin-1")


def _headers(headers: RawHeaders, secrets: Secrets) -> list[Json]:
    texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return [{"name": name, "value": HIDDEN if name in secrets.headers else value} for name, value in texts]


def _value(raw: bytes, media: str, hidden: AbstractSet[str]) -> Any:
    """Return a body's value: JSON, a form's fields, or its text; ``HIDDEN`` if the text may hold credentials."""
    if not raw:
        return None
    if media == FORM:
        fields = parse_qsl(raw.decode(errors="replace"), keep_blank_values=True, errors="replace")
        return hide(dict(fields), hidden)
    if media.endswith("json"):
        try:
            return hide(orjson.loads(raw), hidden)
        except orjson.JSONDecodeError:
            pass
    return HIDDEN if hidden else raw.decode(errors="replace")


def _text(raw: bytes, value: Any, media: str, hidden: AbstractSet[str]) -> str:
    if not raw or not hidden:
        return raw.decode(errors="replace")
    if media == FORM:
        return urlencode(value)
    return value if isinstance(value, str) else orjson.dumps(value).decode()
