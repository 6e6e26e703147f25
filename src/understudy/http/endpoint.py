"""Endpoint: compiled pipeline of one operation, from authentication to the check of its response."""

import inspect
import logging
from collections.abc import AsyncIterator, Generator, Iterable, Mapping, Sequence
from itertools import chain
from operator import add
from typing import Any, cast

import orjson

from understudy.contract.compiled_operations import Operation, Response
from understudy.contract.document import Document
from understudy.contract.json_schema_validator import Validator
from understudy.contract.parameters import InvalidParameter, Parameter
from understudy.core.json_stream import Wanted
from understudy.core.media_types import JSON, is_json
from understudy.core.misconfigured import nearest
from understudy.core.own_code import OwnCodeFailed
from understudy.core.refused import Cause, Refused, Violation
from understudy.core.reply import Reply
from understudy.core.request_facts import RequestFacts
from understudy.core.steps import Turn
from understudy.core.streamed_body import StreamedBody
from understudy.core.vendor import Handler, Vendor
from understudy.core.world_names import CONTROL_PATH
from understudy.http.authentication import Authenticator, Headers, read_cookies
from understudy.http.bodies import BodyReader, ClientDisconnected, contract_refusal, parse_pairs
from understudy.http.example_replies import generic_error, sample_handler
from understudy.http.responses import MAX_PIECE_BYTES, RawResponse, base_headers, build_headers, recorded_response
from understudy.http.sleeping import sleep
from understudy.state.vendor_state import VendorState

log = logging.getLogger("understudy")

CREDENTIALS_HINT = (
    f"the credentials: understudy credentials, or of this world GET {CONTROL_PATH}/worlds/{{world}}/credentials"
)

BUG = "understudy broke the vendor's contract; this is a bug of the stand-in"
MISTAKE = "behaviour of your own failed, or broke the document's contract"

MAX_UNKNOWN = 10
"""Number of unknown query parameters that one refusal names."""

PLACE = b"\x00"
"""Byte that no JSON text has: it marks the place of a long array in its text."""

HandlerSteps = Generator[Reply | Wanted | None, bytes, Reply | None]


class ContractBreach(Exception):  # noqa: N818 - the word of the header and the journal
    """Response of this server that breaks the vendor's document."""


class Endpoint:
    """Pipeline of one operation: authentication, parameters, body, handler, and the check of its reply."""

    __slots__ = (
        "_admit",
        "_arguments",
        "_authenticator",
        "_body",
        "_handler",
        "_path_texts",
        "_place",
        "_query_names",
        "_reads_query",
        "_refuse",
        "_render",
        "_responses",
        "_rewrite",
        "_wants_body",
        "_wants_caller",
        "credentials_hint",
        "document",
        "fidelity",
        "form_fields",
        "has_body",
        "has_streamed_body",
        "operation",
        "refuses_body",
        "wants_request",
        "wants_urls",
    )  # fmt: skip

    def __init__(
        self,
        document: Document,
        operation: Operation,
        vendor: Vendor,
        *,
        is_strict: bool = True,
        credentials_hint: str = CREDENTIALS_HINT,
    ) -> None:
        """Compile an operation; unless ``is_strict``, unknown credentials are accepted too.

        ``credentials_hint`` is sent with refused credentials; it has ``{world}`` in place of the world's name.
        """
        self.credentials_hint = credentials_hint
        function = vendor.operations.get(operation.id)
        self.operation = operation
        self.fidelity = vendor.fidelities.get(operation.id) or ("behaviour" if function else "sample")
        self.has_body = operation.body is not None
        self.refuses_body = operation.body is None and document.raw.get("x-unknown-body") == "refused"
        self.has_streamed_body = bool(operation.node.get("x-streamed"))
        self._handler: Handler = function or sample_handler(document, operation)
        self._place = vendor.places.get(operation.id, "")
        self.document = document
        self._render = vendor.render
        self._refuse = vendor.refuse
        self._admit = vendor.admit
        self._rewrite = vendor.rewrite
        self._authenticator = Authenticator(operation, vendor, is_strict=is_strict) if operation.security else None
        self._body = BodyReader(document, operation.body) if operation.body else None
        self.form_fields = self._body.form_fields if self._body else None
        signature = inspect.signature(self._handler).parameters
        wanted = set(signature)
        if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in signature.values()):
            wanted |= {"body", *(parameter.argument for parameter in operation.parameters)}
        self._path_texts = [
            (parameter.name, parameter.argument)
            for parameter in operation.parameters
            if parameter.takes_any_segment and parameter.argument in wanted
        ]
        self._arguments = [
            (parameter, parameter.argument if parameter.argument in wanted else "")
            for parameter in operation.parameters
            if not parameter.takes_any_segment
        ]
        names = frozenset(parameter.name for parameter in operation.parameters if parameter.where == "query")
        self._query_names = names if operation.refuses_unknown_query else None
        self._reads_query = bool(names) or self._query_names is not None
        self._wants_body = "body" in wanted
        self._wants_caller = "caller" in wanted
        declared = {parameter.argument for parameter in operation.parameters}
        self.wants_request = "request" in wanted - declared
        self._reads_query = self._reads_query or self.wants_request
        self.wants_urls = "url_for" in wanted - declared
        self._responses: dict[int, _ResponseSerialiser | None] = {}

    def authenticate(
        self, state: VendorState, headers: Headers, query: bytes, arguments: dict[str, Any], address: str
    ) -> None:
        """Check the credentials, and add the caller if the handler takes it; raise ``Refused`` for 401 and 403.

        ``address`` is the client's.
        """
        if self._authenticator is not None:
            caller = self._authenticator.authenticate(state, headers, query)
            if self._admit is not None:
                self._admit(caller, address)
            if self._wants_caller:
                arguments["caller"] = caller

    def read_parameters(
        self, path: Mapping[str, str], query: bytes, headers: Headers, arguments: dict[str, Any]
    ) -> None:
        """Parse and check the declared parameters, and add the arguments; raise ``Refused`` for violations."""
        try:
            pairs = parse_pairs(query) if query and self._reads_query else {}
        except ValueError:
            raise contract_refusal(Violation("query", "", "malformed", "the query is not UTF-8")) from None
        for name, argument in self._path_texts:
            arguments[argument] = path[name]
        violations = [] if self._query_names is None else _unknown_parameters(pairs, self._query_names)
        for parameter, argument in self._arguments:
            texts = _texts_of(parameter, path, pairs, headers)
            value = parameter.default
            if texts is not None:
                try:
                    value = parameter.value(texts)
                except InvalidParameter as error:
                    violations.extend(error.violations)
            elif parameter.is_required:
                violations.append(parameter.missing())
            if argument:
                arguments[argument] = value
        if self.wants_request:
            arguments["request"] = RequestFacts(headers, pairs)
        if violations:
            raise Refused(400, violations[0].message, violations=violations, cause=Cause.CONTRACT)

    def read_body(self, raw: bytes | dict[str, Any], content_type: bytes, arguments: dict[str, Any]) -> None:
        """Parse and check the body, or a form's values, and add the argument; raise ``Refused`` for violations."""
        if self._body is not None:
            value = self._body.read(raw, content_type)
            if self._wants_body:
                arguments["body"] = value

    def stream_body(self, content_type: bytes, arguments: dict[str, Any]) -> None:
        """Add the argument of a body that the handler reads while it arrives; raise ``Refused`` for another type."""
        if self._body is not None:
            arguments["body"] = StreamedBody(self._body.checker(content_type))

    def call_handler(self, state: VendorState, arguments: dict[str, Any]) -> RawResponse | HandlerSteps:
        """Call the handler and return its serialised reply; any exception but ``Refused`` becomes a breach.

        Of a long handler, which is a generator function, return the generator: see ``run_to_reply``.
        """
        try:
            reply = self._handler(state, **arguments)
            return self._answer(state, reply) if type(reply) is Reply else cast("HandlerSteps", reply)
        except Refused:
            raise
        except Exception as error:  # noqa: BLE001 - any exception of a handler is a breach
            return self.failed(error)

    async def run_to_reply(
        self, state: VendorState, steps: HandlerSteps, pieces: AsyncIterator[bytes] | None = None
    ) -> RawResponse:
        """Run a long handler up to its reply; other requests run at its first ``yield``, and then after each turn.

        A handler that yields its reply has more steps after it: see ``finish``. One that reads its body while it
        arrives is given the next of ``pieces`` whenever it wants one.
        """
        try:
            reply = next(steps)
            await sleep(0)
            turn = Turn()
            while not isinstance(reply, Reply):
                reply = next(steps) if reply is None else steps.send(await anext(pieces, b"") if pieces else b"")
                if turn.is_over():
                    await sleep(0)
                    turn.begin()
            return self._answer(state, reply)
        except StopIteration as done:
            try:
                if done.value.items is not None:
                    rewritten = done.value if self._rewrite is None else self._rewrite(state, done.value)
                    response = await self._assemble(rewritten)
                    if done.value.after is not None:
                        done.value.after()
                    return response
                return self._answer(state, done.value)
            except Exception as error:  # noqa: BLE001 - any exception of a handler is a breach
                return self.failed(error)
        except (Refused, ClientDisconnected):
            raise
        except Exception as error:  # noqa: BLE001 - the same
            return self.failed(error)

    async def finish(self, steps: HandlerSteps) -> RawResponse | None:
        """Run the steps of a long handler after its reply was sent; return the breach if one fails."""
        try:
            turn = Turn()
            for _ in steps:
                if turn.is_over():
                    await sleep(0)
                    turn.begin()
        except Exception as error:  # noqa: BLE001 - the same
            return self.failed(error)
        return None

    def failed(self, error: Exception) -> RawResponse:
        """Log an exception, and return the response about it."""
        if isinstance(error, ContractBreach):
            return self._breach(str(error), self._place and MISTAKE)
        if isinstance(error, OwnCodeFailed):
            return self._breach(str(error), MISTAKE, error.__cause__)
        log.error("%s %s failed", self.operation.vendor, self.operation.id, exc_info=error)
        return self._breach(f"{type(error).__name__}: {error}")

    def refuse(self, refused: Refused) -> RawResponse:
        """Return a refusal serialised, in the vendor's error shape."""
        try:
            if self._render is not None:
                return self._serialise(self._render(refused), refused.cause.value)
            if self._refuse is not None:
                return self._serialise_declared(self._refuse(self.operation, refused), refused)
            return self._serialise_generic(refused)
        except ContractBreach as breach:
            return self._breach(f"{breach} (while refusing: {refused.message})", self._place and MISTAKE)
        except OwnCodeFailed as error:
            return self._breach(f"{error} (while refusing: {refused.message})", MISTAKE, error.__cause__)
        except Exception as error:
            log.exception("%s cannot render a refusal", self.operation.vendor)
            return self._breach(f"{type(error).__name__}: {error} (while refusing: {refused.message})")

    def _answer(self, state: VendorState, reply: Reply) -> RawResponse:
        """Return a handler's reply serialised and checked, in the form that the world's settings ask for."""
        if reply.fidelity:
            response = recorded_response(reply)
        else:
            response = self._serialise(reply if self._rewrite is None else self._rewrite(state, reply), "")
        if reply.after is not None:
            reply.after()
        return response

    def _serialise(self, reply: Reply, cause: str) -> RawResponse:
        """Return a reply serialised and checked against the spec; raise ``ContractBreach`` for a violation."""
        serialiser = self._responses.get(reply.status) or self._serialiser(reply.status)
        return serialiser.serialise(reply, cause)

    async def _assemble(self, reply: Reply) -> RawResponse:
        """Return a reply with a long array serialised and checked, item by item; others run after each turn."""
        serialiser = self._responses.get(reply.status) or self._serialiser(reply.status)
        texts, turn = [], Turn()
        for item in reply.items or ():
            texts.append(serialiser.serialise_item(reply, item))
            if turn.is_over():
                await sleep(0)
                turn.begin()
        return serialiser.assemble(reply, texts)

    def _serialise_generic(self, refused: Refused) -> RawResponse:
        """Return a refusal of a vendor without error shape: the spec's example of the status, or a problem document."""
        response = self.operation.response(refused.status)
        return self._serialise_declared(generic_error(self.document, refused, response), refused)

    def _serialise_declared(self, reply: Reply, refused: Refused) -> RawResponse:
        """Return a refusal serialised; one with a media type of its own is no declared response, and not checked."""
        if not reply.media_type:
            return self._serialise(reply, refused.cause.value)
        body = orjson.dumps(reply.body)
        base = base_headers(self.fidelity, reply.media_type or JSON)
        return RawResponse(reply.status, build_headers(base, body, refused.cause.value, reply.headers), body)

    def _serialiser(self, status: int) -> "_ResponseSerialiser":
        response = self.operation.response(status)
        if response is None:
            declared = ", ".join(self.operation.responses)
            raise ContractBreach(f"status {status} is not declared (declared: {declared})")
        serialiser = self._responses[status] = _ResponseSerialiser(response, status, self.fidelity)
        return serialiser

    def _breach(self, why: str, error: str = "", cause: BaseException | None = None) -> RawResponse:
        """Log a breach and return the response about it, in no vendor's shape; it is a bug of this server by default.

        ``cause`` is an exception that a user's own code has raised: the log has its traceback.
        """
        log.error("%s %s broke its contract: %s", self.operation.vendor, self.operation.id, why, exc_info=cause)
        described = {
            "error": error or BUG,
            "vendor": self.operation.vendor,
            "operation": self.operation.id,
            **({"function": self._place} if self._place else {}),
            "breach": why,
        }
        body = orjson.dumps(described)
        headers = build_headers(base_headers(self.fidelity, JSON), body, given={"Understudy-Breach": "yes"})
        return RawResponse(500, headers, body, why)


def _texts_of(
    parameter: Parameter, path: Mapping[str, str], pairs: Mapping[str, Sequence[str]], headers: Headers
) -> Sequence[str] | None:
    """Return the texts that a request has for a parameter, or ``None`` if it has none."""
    if parameter.where == "query":
        return parameter.find(pairs)
    if parameter.where == "path":
        return [path[parameter.name]]
    if parameter.where == "cookie":
        return parameter.find(read_cookies(headers))
    found = headers.get(parameter.name.lower().encode())
    return None if found is None else [found.decode("latin-1")]


def _unknown_parameters(given: Iterable[str], known: frozenset[str]) -> list[Violation]:
    """Return a violation for each query parameter that is not declared, with the nearest one that is."""
    unknown = [name for name in given if name not in known]
    return [
        Violation("query", name, "unknown", f"there is no query parameter {name!r} here", hint=nearest(name, known))
        for name in unknown[:MAX_UNKNOWN]
    ]


class _ResponseSerialiser:
    """Serialiser and checker of replies with one declared status of an operation."""

    __slots__ = ("_base", "_headers", "_is_json", "_media_type", "_response", "_status", "_validator")

    def __init__(self, response: Response, status: int, fidelity: str) -> None:
        self._status = status
        self._response = response
        self._media_type = response.media_type
        self._is_json = is_json(self._media_type)
        self._validator: Validator | None = response.media.get(self._media_type)
        self._headers = {header.name.lower(): header for header in response.headers}
        self._base = base_headers(fidelity, self._media_type)

    def serialise(self, reply: Reply, cause: str) -> RawResponse:
        """Return a reply as a raw response; raise ``ContractBreach`` if the spec forbids it."""
        if reply.pieces is not None:
            headers = build_headers(self._base, None, cause, reply.headers)
            return RawResponse(self._status, headers, b"", pieces=reply.pieces)
        body = self._body(reply)
        if reply.headers or self._headers:
            self._check_headers(reply.headers)
        return RawResponse(self._status, build_headers(self._base, body, cause, reply.headers), body)

    def serialise_item(self, reply: Reply, item: Any) -> bytes:
        """Return an item of a reply's long array as JSON text; raise ``ContractBreach`` if the spec forbids it."""
        if self._validator is None:
            raise ContractBreach(f"status {self._status} is declared without a body")
        self._check_body(self._validator, _place(reply.body, reply.at, [item]))
        return orjson.dumps(item)

    def assemble(self, reply: Reply, texts: list[bytes]) -> RawResponse:
        """Return a reply whose long array has these items, each checked; the journal keeps a short one."""
        if self._validator is not None:
            self._check_body(self._validator, _place(reply.body, reply.at, []))
        self._check_headers(reply.headers)
        whole = orjson.dumps(_place(reply.body, reply.at, orjson.Fragment(PLACE)))
        start, _, end = whole.partition(PLACE)
        between = (b"," if number else start + b"[" for number in range(len(texts)))
        pieces = chain(map(add, between, texts), (b"]" + end if texts else start + b"[]" + end,))
        size = len(start) + len(end) + sum(map(len, texts)) + max(len(texts) - 1, 0) + len(b"[]")
        headers = build_headers(self._base, None, given={"Content-Length": str(size), **reply.headers})
        if size <= MAX_PIECE_BYTES:
            return RawResponse(self._status, headers, b"".join(pieces))
        return RawResponse(self._status, headers, b"", pieces=pieces)

    def _body(self, reply: Reply) -> bytes:
        value, text = reply.body, reply.text
        validator = self._validator
        if validator is None:
            if value is not None or text is not None:
                raise ContractBreach(f"status {self._status} is declared without a body")
            return b""
        if value is None and text is None:
            raise ContractBreach(f"status {self._status} is declared with a body")
        if not self._is_json:
            if isinstance(value, bytes):
                return value
            self._check_body(validator, value)
            return str(value).encode()
        if text is None:
            try:
                text = orjson.dumps(value)
            except TypeError as error:
                raise ContractBreach(f"body of status {self._status}: {error}") from None
        if not validator.is_known_valid(text):
            self._check_body(validator, orjson.loads(text) if value is None else value)
            validator.remember_valid(text)
        return text

    def _check_body(self, validator: Validator, value: Any) -> None:
        try:
            is_valid = validator.is_valid(value)
        except ValueError as error:
            raise ContractBreach(f"body of status {self._status}: {error}") from None
        if not is_valid:
            violations = "; ".join(f"{each.path or '/'}: {each.message}" for each in validator.violations(value)[:3])
            raise ContractBreach(f"body of status {self._status}: {violations}")

    def _check_headers(self, given: Mapping[str, str]) -> None:
        present = {name.lower(): value for name, value in given.items()}
        for name, value in present.items():
            if not value.isprintable():
                raise ContractBreach(f"header {name} of status {self._status} holds control characters")
        for name, header in self._headers.items():
            if name not in present:
                if header.is_required:
                    raise ContractBreach(f"status {self._status} lacks the header {header.name}")
                continue
            try:
                header.value([present[name]])
            except InvalidParameter as error:
                raise ContractBreach(f"header {header.name} of status {self._status}: {error}") from None


def _place(body: Any, at: tuple[str, ...], value: Any) -> Any:
    """Return a body with a value at a path of members; the value itself for an empty path."""
    if not at:
        return value
    name, *rest = at
    return {**body, name: _place(body.get(name), tuple(rest), value)}
