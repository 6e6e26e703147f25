"""Check of exchanges against a document: of any client's request, and of any server's response."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import unquote

import orjson

from understudy.contract.compiled_operations import Operation, Response
from understudy.contract.document import Document
from understudy.contract.parameters import InvalidParameter
from understudy.core.media_types import is_json
from understudy.core.refused import Refused, Violation
from understudy.core.reply import Reply
from understudy.core.vendor import Vendor
from understudy.http.authentication import credential_reader
from understudy.http.bodies import parse_json
from understudy.http.endpoint import Endpoint
from understudy.http.router import Route, Router
from understudy.http.uploads import MultipartForm, form_boundary, is_form
from understudy.state.journal import Exchange, RawHeaders
from understudy.traffic.undocumented_fields import undocumented_fields


class Difference(StrEnum):
    """Kind of a difference between an exchange and its document."""

    UNDOCUMENTED_PATH = "undocumented-path"
    UNDOCUMENTED_METHOD = "undocumented-method"
    MISSING_CREDENTIALS = "missing-credentials"
    INVALID_PARAMETER = "invalid-parameter"
    UNDOCUMENTED_PARAMETER = "undocumented-parameter"
    INVALID_REQUEST_BODY = "invalid-request-body"
    UNDOCUMENTED_REQUEST_FIELD = "undocumented-request-field"
    UNDOCUMENTED_STATUS = "undocumented-status"
    UNDOCUMENTED_MEDIA_TYPE = "undocumented-media-type"
    INVALID_HEADER = "invalid-header"
    INVALID_RESPONSE_BODY = "invalid-response-body"
    UNDOCUMENTED_FIELD = "undocumented-field"


REQUEST_DIFFERENCES = frozenset(
    {
        Difference.UNDOCUMENTED_PATH,
        Difference.UNDOCUMENTED_METHOD,
        Difference.MISSING_CREDENTIALS,
        Difference.INVALID_PARAMETER,
        Difference.UNDOCUMENTED_PARAMETER,
        Difference.INVALID_REQUEST_BODY,
        Difference.UNDOCUMENTED_REQUEST_FIELD,
    }
)
"""Kinds of which the client's request is the subject; of the others it is the server's response."""

OPEN = frozenset(
    {
        Difference.UNDOCUMENTED_PARAMETER,
        Difference.UNDOCUMENTED_REQUEST_FIELD,
        Difference.UNDOCUMENTED_FIELD,
    }
)
"""Kinds that break no document: it allows what it does not name."""


@dataclass(frozen=True, slots=True)
class ExchangeFinding:
    """Difference between an exchange and its document.

    ``operation`` is the operationId, empty if no operation was found. ``where`` is ``path``, ``query``, ``header``,
    ``body`` or ``status``, ``place`` a JSON pointer into the body or the name of a parameter or header, ``rule`` the
    JSON Schema keyword that fails, and ``value`` what was sent there.
    """

    kind: Difference
    operation: str
    where: str
    place: str
    message: str
    rule: str = ""
    value: Any = None

    @property
    def is_of_request(self) -> bool:
        """True if the client's request is the subject."""
        return self.kind in REQUEST_DIFFERENCES

    @property
    def is_breach(self) -> bool:
        """True if the document forbids what was sent; false if it only does not name it."""
        return self.kind not in OPEN


@dataclass(frozen=True, slots=True)
class FoundOperation:
    """Operation of a request, and the decoded values of its path's parameters."""

    operation: Operation
    path_values: Mapping[str, str]


class ExchangeChecker:
    """Checker of exchanges against one document. Paths are those of the document, below its base path."""

    def __init__(self, document: Document, operations: Sequence[Operation]) -> None:
        self.document = document
        self.operations = tuple(operations)
        vendor = Vendor(document.name, {operation.id: _accept for operation in operations})
        self._endpoints = {each.id: Endpoint(document, each, vendor, is_strict=False) for each in operations}
        self._router: Router[Operation] = Router()
        for each in operations:
            self._router.add(each.path, each.method, each)
        self._readers = {
            each.id: [
                [credential_reader(requirement, document.name)[0] for requirement in alternative]
                for alternative in each.security
            ]
            for each in operations
        }

    def find(self, method: str, path: str) -> FoundOperation | None:
        """Return the operation at a percent-encoded path, or ``None``; HEAD is GET's where it is not declared."""
        found = self._router.find(path)
        if found is None:
            return None
        route, values = found
        operation = _operation_of(route, method)
        return None if operation is None else FoundOperation(operation, dict(zip(route.names, values, strict=True)))

    def check(self, exchange: Exchange, path: str) -> list[ExchangeFinding]:
        """Return the differences of an exchange, the request's first; ``path`` is below the document's base path."""
        found = self.find(exchange.method, path)
        if found is None:
            return [self._unknown_route(exchange.method, path)]
        return [*self.check_request(exchange, found), *self.check_response(exchange, found.operation)]

    def check_request(self, exchange: Exchange, found: FoundOperation) -> Iterator[ExchangeFinding]:
        """Yield the differences of a request from its operation: credentials, parameters, then the body."""
        operation = found.operation
        headers = by_lower_name(exchange.request_headers)
        readers = self._readers[operation.id]
        if readers and not any(all(read(headers, exchange.query) is not None for read in each) for each in readers):
            message = "no credentials of a scheme that the operation asks for"
            yield ExchangeFinding(Difference.MISSING_CREDENTIALS, operation.id, "header", "", message)
        endpoint = self._endpoints[operation.id]
        try:
            endpoint.read_parameters(found.path_values, exchange.query, headers, {})
        except Refused as refused:
            yield from _of_violations(refused.violations, operation, Difference.INVALID_PARAMETER)
        yield from self._unnamed_parameters(exchange.query, operation)
        yield from self._check_request_body(exchange, endpoint, headers.get(b"content-type", b""))

    def _unnamed_parameters(self, query: bytes, operation: Operation) -> Iterator[ExchangeFinding]:
        """Yield the parameters of a query that neither the operation nor a security scheme names."""
        if operation.refuses_unknown_query:
            return
        declared = [each for each in operation.parameters if each.where == "query"]
        schemes = self.document.raw.get("components", {}).get("securitySchemes", {}).values()
        keys = {each.get("name") for each in schemes if each.get("in") == "query"}
        for pair in dict.fromkeys(query.split(b"&")):
            name = unquote(pair.partition(b"=")[0].decode("latin-1"))
            if name and name not in keys and all(each.find({name: ["1"]}) is None for each in declared):
                message = f"the document has no query parameter {name!r} here"
                yield ExchangeFinding(Difference.UNDOCUMENTED_PARAMETER, operation.id, "query", name, message)

    def _check_request_body(
        self, exchange: Exchange, endpoint: Endpoint, content_type: bytes
    ) -> Iterator[ExchangeFinding]:
        operation = endpoint.operation
        try:
            raw = _form_values(exchange.request_body, content_type, endpoint)
            endpoint.read_body(raw, content_type, {})
        except Refused as refused:
            yield from _of_violations(refused.violations, operation, Difference.INVALID_REQUEST_BODY)
            return
        if operation.body and exchange.request_body and is_json(_media(content_type)):
            schema = _declared(operation.body.media, operation.body.node, _media(content_type))[1]
            for place, value in undocumented_fields(self.document, schema, parse_json(exchange.request_body)):
                message = f"the document does not name {place}"
                kind = Difference.UNDOCUMENTED_REQUEST_FIELD
                yield ExchangeFinding(kind, operation.id, "body", place, message, value=value)

    def check_response(self, exchange: Exchange, operation: Operation) -> Iterator[ExchangeFinding]:
        """Yield the differences of a response from those that its operation declares."""
        response = operation.response(exchange.status)
        if response is None:
            declared = ", ".join(operation.responses)
            message = f"status {exchange.status} is not declared (declared: {declared})"
            kind = Difference.UNDOCUMENTED_STATUS
            yield ExchangeFinding(kind, operation.id, "status", str(exchange.status), message, value=exchange.status)
            return
        yield from _check_headers(exchange.response_headers, response, operation)
        if exchange.method != "HEAD":
            yield from self._check_response_body(exchange, response, operation)

    def _check_response_body(
        self, exchange: Exchange, response: Response, operation: Operation
    ) -> Iterator[ExchangeFinding]:
        body = exchange.response_body
        media = _media(by_lower_name(exchange.response_headers).get(b"content-type", b""))
        if not response.media or not body:
            if bool(response.media) != bool(body):
                message = "a body is sent that is not declared" if body else "the declared body is missing"
                kind = Difference.INVALID_RESPONSE_BODY
                yield ExchangeFinding(kind, operation.id, "body", "", message, "body" if body else "required")
            return
        validator, schema = _declared(response.media, response.node, media)
        if validator is None:
            message = f"the media type {media or '(none)'} is not declared (declared: {', '.join(response.media)})"
            kind = Difference.UNDOCUMENTED_MEDIA_TYPE
            yield ExchangeFinding(kind, operation.id, "header", "Content-Type", message, value=media)
            return
        if not is_json(media):
            return
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            message = f"the body is not JSON: {error}"
            yield ExchangeFinding(Difference.INVALID_RESPONSE_BODY, operation.id, "body", "", message, "malformed")
            return
        if not validator.is_valid(value):
            violations = validator.violations(value)
            yield from _of_violations(violations, operation, Difference.INVALID_RESPONSE_BODY)
        for place, part in undocumented_fields(self.document, schema, value):
            message = f"the document does not name {place}"
            yield ExchangeFinding(Difference.UNDOCUMENTED_FIELD, operation.id, "body", place, message, value=part)

    def _unknown_route(self, method: str, path: str) -> ExchangeFinding:
        found = self._router.find(path)
        if found is None:
            message = f"the document has no path {path}"
            return ExchangeFinding(Difference.UNDOCUMENTED_PATH, "", "path", path, message, value=method)
        message = f"the document has no {method} {found[0].template} (there are {found[0].allow})"
        return ExchangeFinding(Difference.UNDOCUMENTED_METHOD, "", "path", found[0].template, message, value=method)


def by_lower_name(headers: RawHeaders) -> dict[bytes, bytes]:
    """Return headers by their name in lower case; those of one name are joined, as HTTP allows."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        lower = name.lower()
        found[lower] = b", ".join((found[lower], value)) if lower in found else value
    return found


def _accept(_state: object, body: Any = None) -> Reply:  # noqa: ARG001 - the endpoint looks for the argument's name
    return Reply()


def _operation_of(route: Route[Operation], method: str) -> Operation | None:
    found = route.methods.get(method)
    return route.methods.get("GET") if found is None and method == "HEAD" else found


def _media(content_type: bytes) -> str:
    return content_type.decode("latin-1").partition(";")[0].strip().lower()


def _declared(media: Mapping[str, Any], node: Mapping[str, Any], given: str) -> tuple[Any, Any]:
    """Return the validator and the schema declared for a media type or for a range of it, or ``None`` twice."""
    kind = given.partition("/")[0]
    for name in (given, f"{kind}/*", "*/*"):
        for declared, validator in media.items():
            if declared.partition(";")[0].strip().lower() == name:
                return validator, node["content"][declared].get("schema", {})
    return None, None


def _form_values(raw: bytes, content_type: bytes, endpoint: Endpoint) -> bytes | dict[str, Any]:
    """Return the values of a multipart form, and any other body as it is; raise ``Refused`` for a malformed form."""
    if endpoint.form_fields is None or not is_form(content_type):
        return raw
    form = MultipartForm(form_boundary(content_type), endpoint.form_fields, max(len(raw), 1))
    try:
        form.feed(raw)
        form.end()
        return form.rewound_values()
    finally:
        form.close()


def _check_headers(headers: RawHeaders, response: Response, operation: Operation) -> Iterator[ExchangeFinding]:
    present = by_lower_name(headers)
    for header in response.headers:
        sent = present.get(header.name.lower().encode())
        text = None if sent is None else sent.decode("latin-1")
        violations: Sequence[Violation] = ()
        if text is not None:
            try:
                header.value([text])
            except InvalidParameter as error:
                violations = error.violations
        elif header.is_required:
            violations = [header.missing()]
        for each in violations:
            kind = Difference.INVALID_HEADER
            yield ExchangeFinding(kind, operation.id, "header", header.name, each.message, each.rule, each.value)


def _of_violations(
    violations: Sequence[Violation], operation: Operation, kind: Difference
) -> Iterator[ExchangeFinding]:
    for each in violations:
        yield ExchangeFinding(kind, operation.id, each.where, each.path, each.message, each.rule, each.value)
