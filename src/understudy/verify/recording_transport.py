"""Transport of Schemathesis that sends through a gate and gives each exchange to an observer."""

from typing import Any

from requests import PreparedRequest, Request, Session
from requests.exceptions import ConnectTimeout, RequestException
from schemathesis import Case
from schemathesis.core.transport import Response
from schemathesis.generation.meta import REQUEST_SHAPE_PROBES, coverage_scenario
from schemathesis.specs.openapi.schemas import OpenApiSchema
from schemathesis.transport import BaseTransport
from schemathesis.transport.requests import REQUESTS_TRANSPORT
from urllib3.util import parse_url

from understudy.state.journal import Exchange
from understudy.verify.findings import FindingKind
from understudy.verify.http_sender import raw_headers
from understudy.verify.judging import Judge
from understudy.verify.observer import Observer
from understudy.verify.request_gate import RequestGate

ARGUMENTS = ("method", "url", "headers", "files", "data", "params", "json")
"""Arguments of a request, among those of a session's method."""


class RecordingTransport(BaseTransport[Session]):
    """Transport over HTTP, as Schemathesis' own, with a gate before it and an observer after it."""

    def __init__(self, gate: RequestGate, observer: Observer, judge: Judge) -> None:
        super().__init__()
        self._copy_serializers_from(REQUESTS_TRANSPORT)
        self._gate = gate
        self._observer = observer
        self._judge = judge

    def serialize_case(self, case: Case[Any], **options: Any) -> dict[str, Any]:
        """Return the arguments with which a case is sent."""
        return REQUESTS_TRANSPORT.serialize_case(case, **options)

    def send(self, case: Case[Any], *, session: Session | None = None, **options: Any) -> Response:
        """Send a case and return its response; raise ``Closed`` if the gate refuses it."""
        response = self._send(case, session, **options)
        while self._gate.pause_after(response.status_code, "".join(response.headers.get("retry-after", ()))):
            response = self._send(case, session, **options)
        exchange = exchange_of(response, self._observer.subject.name)
        mode, phase = mode_of(case), phase_of(case)
        is_well_formed = coverage_scenario(case) not in REQUEST_SHAPE_PROBES
        exchange = self._observer.observe(exchange, mode, phase, is_well_formed=is_well_formed)
        if is_well_formed:
            self._judge.consider(exchange, mode, phase)
        return response

    def _send(self, case: Case[Any], session: Session | None, **options: Any) -> Response:
        self._gate.admit(case.method)
        try:
            return REQUESTS_TRANSPORT.send(case, session=session, **options)
        except RequestException as error:
            self._observe_silence(case, error, options)
            raise

    def _observe_silence(self, case: Case[Any], error: RequestException, options: dict[str, Any]) -> None:
        """Add a finding for a request that got no whole response, but for one that found no server."""
        name = case.operation.definition.raw.get("operationId", "")
        if isinstance(error, ConnectTimeout):
            return
        request = error.request
        if not isinstance(request, PreparedRequest):  # the body was cut off, or is not in its coding
            arguments = self.serialize_case(case, **options)
            request = Request(**{name: value for name, value in arguments.items() if name in ARGUMENTS}).prepare()
        exchange = _exchange(request, self._observer.subject.name)
        operation = self._observer.counts.by_id[name].operation
        place = "" if case.method.upper() == operation.method.upper() else case.method.upper()
        message = f"the server gives no answer: {error}"
        self._observer.add(FindingKind.NO_ANSWER, operation, place, message, phase_of(case), exchange)


class RecordedSchema(OpenApiSchema):
    """Document as Schemathesis reads it, whose requests are sent by a given transport."""

    recorder: RecordingTransport

    @property
    def transport(self) -> BaseTransport[Any]:
        """Transport of all requests."""
        return self.recorder


def exchange_of(response: Response, vendor: str) -> Exchange:
    """Return the exchange of a response and its request."""
    request = response.request
    return _exchange(request, vendor)._replace(
        status=response.status_code,
        response_headers=raw_headers(response.headers),
        response_body=response.content or b"",
        seconds=response.elapsed,
    )


def _exchange(request: PreparedRequest, vendor: str) -> Exchange:
    url = parse_url(str(request.url))
    body: Any = request.body or b""
    headers = {name: _text(value) for name, value in request.headers.items()}
    return Exchange(
        0.0, vendor, "", str(request.method), (url.path or "/").encode(), (url.query or "").encode(), 0, "",
        request_headers=raw_headers({"Host": url.netloc or "", **headers}), scheme=url.scheme or "http",
        server=url.netloc or "", request_body=body.encode() if isinstance(body, str) else bytes(body),
    )  # fmt: skip


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def mode_of(case: Case[Any]) -> str:
    """Return whether a case is ``positive`` or ``negative`` data."""
    if case.meta is None:
        return "positive"
    return "positive" if case.meta.generation.mode.is_positive else "negative"


def phase_of(case: Case[Any]) -> str:
    """Return the name of the phase that has made a case."""
    return "probe" if case.meta is None else str(case.meta.phase.name.value)
