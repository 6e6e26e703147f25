"""Journal entries as the control API shows them: bodies decoded, credentials redacted."""

from base64 import b64encode
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import orjson

from understudy.control.secret_texts import HIDDEN
from understudy.control.secrets import (
    MIN_ECHO,
    NAMES_PER_STEP,
    REVEALED,
    Names,
    Secrets,
    TooDeep,
    hide_echoes,
    hide_pairs,
)
from understudy.control.times import write_seconds
from understudy.core.json_pointer import unescape
from understudy.core.json_types import Json
from understudy.core.media_types import FORM
from understudy.core.steps import Steps, run_to_end
from understudy.state.journal import ACCEPTED, BREACH, Exchange, RawHeaders

BASE64 = "base64"
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class ShownBody:
    """Body as it is shown: ``value`` is what a pattern is compared with, ``text`` the body in one piece.

    Both are in base64 if the body ``is_base64``, because it is not UTF-8.
    """

    value: Any = None
    text: str = ""
    is_base64: bool = False

    def to_json(self) -> Json:
        """Return the members of an exchange's request or response that show its body."""
        return {"body": self.value, **({"body_encoding": BASE64} if self.is_base64 else {})}


@dataclass(frozen=True, slots=True)
class RedactedExchange:
    """Exchange with its number in the journal, and the names of the credentials to be redacted."""

    number: int
    exchange: Exchange
    secrets: Secrets
    _shown: dict[str, ShownBody] = field(default_factory=dict, compare=False, repr=False)
    """Bodies as they are shown, each made once: many patterns are compared with one exchange."""

    _refusal: Json = field(default_factory=dict, compare=False, repr=False)
    """Refusal as it is shown, made once; empty if it is not made yet, or the request was not refused."""

    @property
    def outcome(self) -> str:
        """Outcome of the request: ``breach`` if the response broke the document, else the exchange's own."""
        return BREACH if self.exchange.breach else self.exchange.outcome

    @property
    def query(self) -> Json:
        """Query parameters by name; the value of a repeated one is a list."""
        return _by_name(self.query_pairs())

    @property
    def target(self) -> str:
        """Path with its query, as they were sent, a character for each byte."""
        return self.secrets.target(self.exchange.path.decode("latin-1"), self.exchange.query.decode("latin-1"))

    def query_pairs(self) -> list[tuple[str, str]]:
        """Return the query parameters in the order sent, repeated ones and empty ones included."""
        query = hide_pairs(self.exchange.query.decode(errors="replace"), self.secrets.query)
        return parse_qsl(query, keep_blank_values=True)

    def request_headers(self) -> list[Json]:
        """Return the request's headers."""
        return _headers(self.exchange.request_headers, self.secrets)

    def response_headers(self) -> list[Json]:
        """Return the response's headers; a hint may repeat the path of a call that no operation takes."""
        found = _headers(self.exchange.response_headers, self.secrets)
        for text in self.secrets.path_credentials(self.exchange.path.decode("latin-1")):
            if len(text) >= MIN_ECHO:
                found = [{**header, "value": header["value"].replace(text, HIDDEN)} for header in found]
        return found

    def request_body(self) -> ShownBody:
        """Return the request's body."""
        if "request" not in self._shown:
            run_to_end(self._show_request())
        return self._shown["request"]

    def response_body(self) -> ShownBody:
        """Return the response's body."""
        if "response" not in self._shown:
            run_to_end(self._show_response())
        return self._shown["response"]

    def show_bodies(self) -> Steps[None]:
        """Make the bodies as they are shown, in steps: of a large one that takes long."""
        yield from self._show_request()
        yield from self._show_response()
        yield from self._show_refusal()

    def _show_request(self) -> Steps[None]:
        exchange, names = self.exchange, self.secrets.request
        self._shown["request"] = yield from show_body(
            exchange.request_body, media_type(exchange.request_headers), names
        )

    def _show_response(self) -> Steps[None]:
        exchange = self.exchange
        media = media_type(exchange.response_headers)
        shown = yield from show_body(exchange.response_body, media, self.secrets.response)
        value = yield from hide_echoes(shown.value, (yield from self.quoted_credentials()))
        if value != shown.value:
            shown = ShownBody(value, value if isinstance(value, str) else orjson.dumps(value).decode())
        self._shown["response"] = shown

    def _show_refusal(self) -> Steps[None]:
        """Make the refusal as it is shown: what it quotes of a credential is hidden, and of what a credential broke."""
        title, violations = self.exchange.refusal
        if not title and not violations:
            return
        quoted = yield from self.quoted_credentials()
        facts = {
            "title": self.secrets.request.hide_within(title),
            "violations": [self._violation(*each) for each in violations],
        }
        self._refusal.update((yield from hide_echoes(facts, quoted)))

    def _violation(self, where: str, path: str, rule: str, message: str) -> Json:
        names = {"header": self.secrets.headers, "query": self.secrets.query}.get(where, self.secrets.request)
        parts = path.split("/") if where == "body" else [path]
        is_secret = any(names.hides(unescape(part)) for part in parts) or (where == "path" and self.secrets.segments)
        shown = "" if is_secret else names.hide_within(message)
        return {"in": where, "path": path, "rule": rule, "message": shown or f"breaks the rule {rule!r}"}

    def refusal(self) -> Json:
        """Return the refusal's title and violations, without credentials; empty if the request was not refused."""
        if not self._refusal:
            run_to_end(self._show_refusal())
        return self._refusal

    def quoted_credentials(self) -> Steps[set[str]]:
        """Return the credentials in the request that are not shown, and that an error message may quote; else none."""
        if self.exchange.outcome == ACCEPTED and self.exchange.status < HTTPStatus.BAD_REQUEST:
            return set()
        exchange, secrets = self.exchange, self.secrets
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in exchange.request_headers]
        found = {
            word for name, value in headers if secrets.headers.hides(name) for word in (value, *value.split()[-1:])
        }
        pairs = parse_qsl(exchange.query.decode(errors="replace"), keep_blank_values=True)
        found.update(value for name, value in pairs if secrets.query.hides(name))
        found |= secrets.path_credentials(exchange.path.decode("latin-1"))
        body = yield from show_body(exchange.request_body, media_type(exchange.request_headers), REVEALED)
        for text in secrets.request.credentials(body.value):
            if text:
                found.add(text)
            else:
                yield
        return found

    def request_value(self) -> Any:
        """Return the value of the request's body."""
        return self.request_body().value

    def response_value(self) -> Any:
        """Return the value of the response's body."""
        return self.response_body().value

    def _facts(self) -> Json:
        """Return the properties that the summary and the whole exchange begin with."""
        exchange = self.exchange
        return {
            "number": self.number,
            "at": write_seconds(exchange.at),
            "now": write_seconds(exchange.world_time),
            "milliseconds": round(exchange.seconds * 1000, 3),
            "vendor": exchange.vendor,
            "operation": exchange.operation,
            "outcome": self.outcome,
            "fidelity": exchange.fidelity,
        }

    def summary(self) -> Json:
        """Return the exchange in one line, as the document's schema ``ExchangeSummary`` has it."""
        exchange = self.exchange
        return {
            **self._facts(),
            **({"fault": exchange.fault} if exchange.fault else {}),
            "method": exchange.method,
            "target": self.target,
            "status": exchange.status,
        }

    def to_json(self) -> Json:
        """Return the exchange as JSON, as the document's schema ``Exchange`` has it."""
        exchange = self.exchange
        optional = {"fault": exchange.fault, "breach": exchange.breach}
        return {
            **self._facts(),
            **{name: value for name, value in optional.items() if value},
            **({"refusal": refusal} if (refusal := self.refusal()) else {}),
            "request": {
                "method": exchange.method,
                "scheme": exchange.scheme,
                "target": self.target,
                "headers": self.request_headers(),
                **self.request_body().to_json(),
            },
            "response": {
                "status": exchange.status,
                "headers": self.response_headers(),
                **self.response_body().to_json(),
            },
        }


def media_type(headers: RawHeaders) -> str:
    """Return the media type of the content-type header, without parameters and in lower case."""
    found = next((value for name, value in headers if name == b"content-type"), b"")
    return found.partition(b";")[0].strip().lower().decode("latin-1")


def _headers(headers: RawHeaders, secrets: Secrets) -> list[Json]:
    texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return [{"name": name, "value": secrets.header(name, value)} for name, value in texts]


def _by_name(pairs: list[tuple[str, str]]) -> Json:
    """Return the values by name: a text, or the list of texts of a repeated name."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def show_body(raw: bytes, media: str, names: Names) -> Steps[ShownBody]:
    """Return a body without its credentials: JSON, a form's fields, its text, or its bytes in base64, in steps."""
    if not raw:
        return ShownBody()
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
        if names.hide_text(text) != text:
            return ShownBody(HIDDEN, HIDDEN)
        encoded = b64encode(raw).decode()
        return ShownBody(encoded, encoded, is_base64=True)
    if media == FORM:
        return (yield from _show_form(text, names))
    is_json = media.endswith("json")
    try:
        value = orjson.loads(text.removeprefix(BYTE_ORDER_MARK))
        shown = value if names.reveals else (yield from names.hide_in_steps(value))
    except (orjson.JSONDecodeError, TooDeep):
        hidden = names.hide_text(text)
        return ShownBody(hidden, hidden)
    written = text if shown == value else orjson.dumps(shown).decode()
    return ShownBody(shown if is_json else written, written)


def _show_form(text: str, names: Names) -> Steps[ShownBody]:
    pairs, shown_pairs = text.split("&"), []
    for start in range(0, len(pairs), NAMES_PER_STEP):
        shown_pairs.append(hide_pairs("&".join(pairs[start : start + NAMES_PER_STEP]), names))
        yield
    shown = "&".join(shown_pairs)
    try:
        found = parse_qsl(shown, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:  # the text is what was sent, its characters are not known
        return ShownBody(shown, shown)
    return ShownBody(_by_name(found), shown)
