"""Names of an operation's credentials, by the spec's security schemes and ``format: password``; redaction of them."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.supported_openapi import LISTED, NESTED

HIDDEN = "(hidden)"
ALWAYS = frozenset(("authorization", "proxy-authorization", "cookie", "set-cookie"))


@dataclass(frozen=True, slots=True)
class Secrets:
    """Names of an operation's credentials: headers in lower case, members of the request's and response's bodies."""

    headers: frozenset[str] = ALWAYS
    request_fields: frozenset[str] = frozenset()
    response_fields: frozenset[str] = frozenset()


NOTHING_SECRET = Secrets(frozenset())


def secrets_of(document: Document, operation: Operation | None) -> Secrets:
    """Return the names of an operation's credentials; those in the document's headers if there is no operation."""
    schemes = document.raw.get("components", {}).get("securitySchemes", {}).values()
    headers = {scheme["name"].lower() for scheme in schemes if scheme.get("in") == "header"}
    if operation is None:
        return Secrets(ALWAYS | headers)
    request = operation.body.node["content"].values() if operation.body else ()
    response = [media for each in operation.responses.values() for media in each.node.get("content", {}).values()]
    return Secrets(
        ALWAYS | headers,
        frozenset(name for media in request for name in _secret_fields(document, media.get("schema"), [])),
        frozenset(name for media in response for name in _secret_fields(document, media.get("schema"), [])),
    )


def _secret_fields(document: Document, schema: Any, seen: list[int]) -> Iterator[str]:
    node = document.resolve(schema)
    if not isinstance(node, Mapping) or id(node) in seen:
        return
    seen.append(id(node))
    for name, part in node.get("properties", {}).items():
        if document.resolve(part).get("format") == "password":
            yield name
        yield from _secret_fields(document, part, seen)
    for part in [*map(node.get, NESTED), *(part for key in LISTED for part in node.get(key, ()))]:
        yield from _secret_fields(document, part, seen)


def hide(value: Any, names: AbstractSet[str]) -> Any:
    """Return a JSON value in which the members of these names are replaced by ``HIDDEN``, at any depth."""
    if not names:
        return value
    if isinstance(value, dict):
        return {name: HIDDEN if name in names else hide(part, names) for name, part in value.items()}
    if isinstance(value, list):
        return [hide(part, names) for part in value]
    return value
