"""Rules about several values at once, which no schema states: each value is accepted, and their combination is not."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import orjson

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document, Node
from understudy.contract.mutations import walk
from understudy.state.journal import Exchange
from understudy.verify.changed_bodies import body_validator, changed_bodies
from understudy.verify.credentials import NO_CREDENTIALS
from understudy.verify.observer import json_of
from understudy.verify.prober import Prober, headers_of

MAX_SENT = 40
"""Number of requests that may be sent to judge one refusal."""

MAX_LISTED = 3
ABSENT = object()


class Variant(NamedTuple):
    """Request that differs from a refused one: its query, its body, and the values in it by name."""

    query: str
    body: bytes
    values: Mapping[str, Any]


def is_combination(prober: Prober, operation: Operation, refused: Exchange) -> bool:
    """Return whether each value of a refused request is accepted in another one; send such requests to find out."""
    values = values_of(refused)
    unproved = {name for name, value in values.items() if not prober.observer.was_accepted(operation.id, name, value)}
    headers, path = headers_of(refused), prober.subject.path_below(refused.path)
    sent: set[tuple[str, bytes]] = set()
    for variant in _variants(prober, operation, refused, values):
        proved = {name for name in unproved if variant.values.get(name, ABSENT) == values[name]}
        if proved and len(sent) < MAX_SENT and variant[:2] not in sent:
            sent.add(variant[:2])
            target = f"{path}?{variant.query}" if variant.query else path
            exchange = prober.send(refused.method, target, headers, variant.body, NO_CREDENTIALS)
            unproved -= proved if exchange.status < 400 else set()
    return len(values) > 1 and not unproved


def values_of(exchange: Exchange) -> dict[str, Any]:
    """Return the members of a request's body; those of its query if it has no JSON object as a body."""
    members = json_of(exchange.request_body)
    if members or exchange.request_body:
        return members
    return dict(parse_qsl(exchange.query.decode("latin-1"), keep_blank_values=True))


def _variants(prober: Prober, operation: Operation, refused: Exchange, values: Mapping[str, Any]) -> Iterator[Variant]:
    """Yield requests with one value exchanged for that of an accepted request, or left out, as valid as the refused."""
    query = refused.query.decode("latin-1")
    if not refused.request_body:
        yield from (Variant(urlencode(each), b"", each) for each in _exchanged(prober, operation, refused, values))
        return
    validator = body_validator(operation, headers_of(refused))
    for each in _exchanged(prober, operation, refused, values):
        if validator is None or not validator.is_valid(each):
            continue
        yield Variant(query, orjson.dumps(each), each)
        for change in changed_bodies(operation, orjson.dumps(each), headers_of(refused)):
            if isinstance(change.new, str):  # a name that may be taken by now
                yield Variant(query, change.body, {**each, change.name: change.new})


def _exchanged(
    prober: Prober, operation: Operation, refused: Exchange, values: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    for name, schema in _schemas(prober.subject.document, operation, refused, values):
        for other in (schema.get("minimum"), schema.get("maximum"), *islice(schema.get("enum", ()), MAX_LISTED)):
            if other is not None and other != values[name]:
                yield {**values, name: other}
    for accepted in prober.observer.accepted_requests.get(operation.id, ()):
        others = values_of(accepted)
        for name in dict.fromkeys((*values, *others)):
            if name not in others:
                yield {other: value for other, value in values.items() if other != name}
            elif others[name] != values.get(name, ABSENT):
                yield {**values, name: others[name]}


def _schemas(
    document: Document, operation: Operation, refused: Exchange, values: Mapping[str, Any]
) -> Iterator[tuple[str, Node]]:
    """Yield the schemas of a request's values, with their names."""
    if not refused.request_body:
        of_query = [each for each in operation.parameters if each.where == "query" and each.name in values]
        yield from ((each.name, document.resolve(each.node.get("schema", {}))) for each in of_query)
    elif operation.body is not None:
        for media in operation.body.node["content"].values():
            for each in walk(document, media.get("schema", {}), dict(values)):
                if len(each.path) == 1:
                    yield str(each.path[0]), each.schema
