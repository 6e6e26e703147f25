"""Operations of a document, compiled once at start-up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from understudy.contract.document import Document
from understudy.contract.json_schema_validator import Validator
from understudy.contract.parameters import Parameter, compile_parameter, compile_parameters
from understudy.contract.schema_compiler import SchemaCompiler, compiler_of
from understudy.core.media_types import FORM, MULTIPART, is_json, is_xml
from understudy.core.misconfigured import Misconfigured

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RequestBody:
    """Request body of an operation; ``media`` has a validator for each media type."""

    is_required: bool
    media: Mapping[str, Validator]
    node: Node


@dataclass(frozen=True, slots=True)
class Response:
    """Declared response. ``media`` has a validator for each media type, and is empty for a response without a body."""

    media: Mapping[str, Validator]
    headers: tuple[Parameter, ...]
    node: Node

    @property
    def media_type(self) -> str:
        """Media type of the responses that are sent: the first declared, or an empty text."""
        return next(iter(self.media), "")


@dataclass(frozen=True, slots=True)
class SecurityRequirement:
    """Credential that an operation requires: the scheme's name, its definition, and the scopes that it must have."""

    scheme: str
    node: Node
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Operation:
    """Operation of a document. ``security`` lists alternatives, each a set of requirements; none means open to all.

    ``refuses_unknown_query`` is the document's or the operation's own ``x-unknown-query``.
    """

    vendor: str
    id: str
    method: str
    path: str
    tag: str
    summary: str
    provenance: Mapping[str, str]
    rules: tuple[Node, ...]
    parameters: tuple[Parameter, ...]
    body: RequestBody | None
    responses: Mapping[str, Response]
    security: tuple[tuple[SecurityRequirement, ...], ...]
    node: Node
    refuses_unknown_query: bool = False

    def response(self, status: int) -> Response | None:
        """Return the response declared for a status, for its hundred (``2XX``), or for all others, or ``None``."""
        found = self.responses
        return found.get(str(status)) or found.get(f"{status // 100}XX") or found.get("default")


def compile_operations(document: Document) -> list[Operation]:
    """Return every operation of a document; raise ``Misconfigured`` for two with one operationId."""
    schemas = compiler_of(document, is_lazy=document.is_foreign)
    seen: dict[str, str] = {}
    operations = []
    for method, path, node, item in document.operations():
        place = f"{method.upper()} {path}"
        first = seen.setdefault(node["operationId"], place)
        if first != place:
            raise Misconfigured(f"{document.path}: {place}: operationId {node['operationId']!r} is already {first}'s")
        operations.append(_compile(document, schemas, method, path, node, item))
    return operations


def _compile(document: Document, schemas: SchemaCompiler, method: str, path: str, node: Node, item: Node) -> Operation:
    return Operation(
        vendor=document.name,
        id=node["operationId"],
        method=method,
        path=path,
        tag=next(iter(node.get("tags", ())), ""),
        summary=node.get("summary", ""),
        provenance=node.get("x-provenance", {}),
        rules=tuple(node.get("x-rules", ())),
        parameters=compile_parameters(document, schemas, node, item),
        body=_body(document, schemas, node),
        responses={status: _response(document, schemas, found) for status, found in node["responses"].items()},
        security=tuple(_security(document, node)),
        node=node,
        refuses_unknown_query=node.get("x-unknown-query", document.raw.get("x-unknown-query")) == "refused",
    )


def _checked_schema(document: Document, media: str, part: Node, *, reads_xml: bool = False) -> Any:
    """Return the schema by which a body is checked; of a foreign document's body that is not parsed, none."""
    is_parsed = is_json(media) or media in (FORM, MULTIPART, "*/*", "application/*") or (reads_xml and is_xml(media))
    return part.get("schema", {}) if is_parsed or not document.is_foreign else {}


def _body(document: Document, schemas: SchemaCompiler, node: Node) -> RequestBody | None:
    if "requestBody" not in node:
        return None
    body = document.resolve(node["requestBody"])
    media = {
        name: schemas.validator(_checked_schema(document, name, part, reads_xml=True), "request")
        for name, part in body["content"].items()
    }
    return RequestBody(bool(body.get("required")), media, body)


def _response(document: Document, schemas: SchemaCompiler, found: Node) -> Response:
    node = document.resolve(found)
    media = {
        name: schemas.validator(_checked_schema(document, name, part), "response")
        for name, part in node.get("content", {}).items()
    }
    headers = (
        compile_parameter(document, schemas, {**document.resolve(header), "name": name, "in": "header"})
        for name, header in node.get("headers", {}).items()
    )
    return Response(media, tuple(headers), node)


def _security(document: Document, node: Node) -> Iterator[tuple[SecurityRequirement, ...]]:
    schemes = document.raw.get("components", {}).get("securitySchemes", {})
    for alternative in node.get("security", document.raw.get("security", ())):
        for name in alternative:
            if name not in schemes:
                raise Misconfigured(f"{document.path}: {node['operationId']}: no security scheme {name!r}")
        yield tuple(SecurityRequirement(name, schemes[name], frozenset(scopes)) for name, scopes in alternative.items())
