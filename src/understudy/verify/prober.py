"""Prober of a subject: sends the suite's own requests, with credentials, and has each exchange observed."""

from collections.abc import Iterable, Mapping
from itertools import count
from urllib.parse import urlencode, urlsplit

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.example_requests import ExampleRequest, build_request, encode_body
from understudy.contract.examples import sample_of
from understudy.state.journal import Exchange
from understudy.verify.credentials import NO_CREDENTIALS, Credentials
from understudy.verify.findings import FindingKind
from understudy.verify.http_sender import HttpSender, NoAnswer
from understudy.verify.observer import Observer
from understudy.verify.request_gate import RequestGate


class Prober:
    """Sender of the suite's own requests to one subject; ``phase`` is the name under which findings are listed."""

    def __init__(self, observer: Observer, gate: RequestGate, phase: str) -> None:
        self.observer = observer
        self.gate = gate
        self.phase = phase
        self.subject = observer.subject
        self.numbers = count(11)
        self._senders: dict[str, HttpSender] = {}

    def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        credentials: Credentials | None = None,
        *,
        url: str = "",
        is_well_formed: bool = True,
        is_example: bool = False,
    ) -> Exchange:
        """Send a request to a target below the base URL, or below another ``url``; raise ``NoAnswer`` or ``Closed``."""
        given = self.subject.credentials if credentials is None else credentials
        query = urlencode(given.query)
        target += f"{'&' if '?' in target else '?'}{query}" if query else ""
        own = {} if is_example else self.subject.headers
        sent = {**own, **self.subject.given_headers, **headers, **given.sent_headers}
        try:
            exchange = self._sender(url or self.subject.url).send(method, target, sent, body)
        except NoAnswer as silence:
            self._observe_silence(silence)
            raise
        if url and url != self.subject.url:
            exchange = exchange._replace(path=self._as_of_subject(exchange.path, url))
        return self.observer.observe(exchange, "own", self.phase, is_well_formed=is_well_formed)

    def _observe_silence(self, silence: NoAnswer) -> None:
        operation = self.observer.operation_of(silence.exchange)
        if operation is not None:
            message = f"the server gives no answer: {silence}"
            self.add(FindingKind.NO_ANSWER, operation, "", message, silence.exchange)

    def send_request(self, request: ExampleRequest, credentials: Credentials | None = None, url: str = "") -> Exchange:
        """Send the request of an example."""
        given = NO_CREDENTIALS if request.is_anonymous else credentials
        method = request.operation.method.upper()
        return self.send(method, request.target, request.headers, request.body, given, url=url, is_example=True)

    def repeat(self, exchange: Exchange, credentials: Credentials) -> Exchange:
        """Send the request of an exchange again, with other credentials than it had."""
        headers = headers_of(exchange, self.subject.credentials.sent_headers)
        query = without(exchange.query.decode("latin-1"), self.subject.credentials.query)
        target = self.subject.path_below(exchange.path) + (f"?{query}" if query else "")
        return self.send(exchange.method, target, headers, exchange.request_body, credentials)

    def add(self, kind: FindingKind, operation: Operation, place: str, message: str, *exchanges: Exchange) -> None:
        """Add a finding."""
        self.observer.add(kind, operation, place, message, self.phase, *exchanges)

    def close(self) -> None:
        """Close the connections."""
        for sender in self._senders.values():
            sender.close()

    def _sender(self, url: str) -> HttpSender:
        if url not in self._senders:
            self._senders[url] = HttpSender(self.subject.name, url, self.gate)
        return self._senders[url]

    def _as_of_subject(self, path: bytes, url: str) -> bytes:
        """Return a path below another base URL as it is below the subject's own."""
        other = urlsplit(url).path.rstrip("/").encode("latin-1")
        return self.subject.base_path.encode("latin-1") + path.removeprefix(other)


NOT_REPEATED = frozenset({"host", "content-length", "connection", "accept-encoding", "transfer-encoding"})


def headers_of(exchange: Exchange, left_out: Iterable[str] = ()) -> dict[str, str]:
    """Return the headers of a request that may be sent again, without some, and without those of the connection."""
    names = {name.lower() for name in left_out} | NOT_REPEATED
    pairs = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in exchange.request_headers)
    return {name: value for name, value in pairs if name not in names}


def without(query: str, names: Iterable[str]) -> str:
    """Return a query without the parameters of some names."""
    left = set(names)
    return "&".join(pair for pair in query.split("&") if pair.partition("=")[0] not in left)


def usual_request(document: Document, operation: Operation) -> ExampleRequest:
    """Return a valid request of an operation: what it requires, from examples, or made from schemas."""
    values = {each.name: sample_of(document, each.node) for each in operation.parameters if each.is_required}
    if operation.body is None:
        return build_request(operation, values)
    media, node = next(iter(operation.body.node["content"].items()))
    return build_request(operation, values, *encode_body(sample_of(document, node), media))
