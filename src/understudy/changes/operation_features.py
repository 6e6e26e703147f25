"""Features of operations by which those of two documents are compared: words, parameters, shapes and statuses."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import log, sqrt
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document

TEMPLATE = re.compile(r"\{[^{}]*\}")
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
MAX_DEPTH = 4
"""Depth of the properties that count."""

BARE = frozenset(("a", "all", "an", "and", "by", "for", "from", "in", "its", "of", "on", "or", "the", "to", "with"))
BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "maxItems", "pattern", "format")

Features = Mapping[str, float]


def words(text: str) -> list[str]:
    """Return the words of a text or name in lower case and singular, without those that say nothing."""
    found = (each.lower() for each in WORD.findall(text))
    return [each.removesuffix("s") if len(each) > 3 else each for each in found if each not in BARE]


def weigh(counted: Iterable[Mapping[str, float]]) -> list[Features]:
    """Return features weighed by their rarity, scaled so that the product of one set with itself is 1."""
    listed = [*counted]
    frequency = Counter(name for each in listed for name in each)
    weighed: list[Features] = []
    for each in listed:
        raw = {name: weight * log(1 + len(listed) / frequency[name]) for name, weight in each.items()}
        length = sqrt(sum(value * value for value in raw.values())) or 1.0
        weighed.append({name: value / length for name, value in raw.items()})
    return weighed


def likeness(first: Features, second: Features) -> float:
    """Return how alike two sets of weighed features are, from 0 to 1."""
    small, large = sorted((first, second), key=len)
    return sum(value * large.get(name, 0.0) for name, value in small.items())


def features_of(document: Document, operation: Operation) -> dict[str, float]:
    """Return the features of an operation with their weights."""
    found = dict.fromkeys((f"path parameters {len(TEMPLATE.findall(operation.path))}",), 1.0)
    for kind, weight, text in (
        ("description", 0.3, str(operation.node.get("description", ""))),
        ("summary", 1.5, operation.summary),
        ("tag", 1.0, operation.tag),
        ("path", 1.0, TEMPLATE.sub("", operation.path)),
        ("id", 0.7, operation.id),
    ):
        found |= {f"{kind} {word}": weight for word in words(text)}
    for each in operation.parameters:
        if each.where != "path":
            shape = _shape(document, each.node.get("schema", {}))
            found |= {f"{each.where} {each.name.lower()}": 1.5, f"{each.where} shape {shape}": 0.8}
    body = operation.body.node.get("content", {}) if operation.body else {}
    for media, part in body.items():
        found[f"body type {media}"] = 0.5
        found |= dict.fromkeys((f"body {each}" for each in _properties(document, part.get("schema", {}), "", 0)), 1.5)
    for status, response in operation.responses.items():
        found[f"status {status}"] = 0.3
        for part in response.node.get("content", {}).values() if status.startswith("2") else ():
            places = _properties(document, part.get("schema", {}), "", 0)
            found |= dict.fromkeys((f"response {each}" for each in places), 1.0)
    return found


def _properties(document: Document, schema: Any, place: str, depth: int) -> Iterator[str]:
    """Yield the places of the properties of a schema, and beside each its type, values and bounds."""
    node = document.resolve(schema)
    if not isinstance(node, Mapping) or depth > MAX_DEPTH:
        return
    yield f"{place} {_shape(document, node)}"
    for name, part in node.get("properties", {}).items():
        yield from _properties(document, part, f"{place}/{name}", depth + 1)
    if "items" in node:
        yield from _properties(document, node["items"], f"{place}/*", depth + 1)
    for keyword in ("allOf", "oneOf", "anyOf"):
        for part in node.get(keyword, ()):
            yield from _properties(document, part, place, depth + 1)


def _shape(document: Document, schema: Any) -> str:
    node = document.resolve(schema)
    if not isinstance(node, Mapping):
        return ""
    values = ",".join(sorted(map(str, node.get("enum", ()))))
    bounds = " ".join(f"{name}={node[name]}" for name in BOUNDS if name in node)
    return f"{node.get('type', '')} {values} {bounds}".strip()
