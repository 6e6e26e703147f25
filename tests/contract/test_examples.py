"""Validity of every example in every document, by an independent validator and by ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.contract.independent_validator import independent_violations
from understudy.contract.document import Document
from understudy.contract.examples import examples_of
from understudy.contract.schema_compiler import SchemaCompiler
from understudy.http.mounted_vendor import MountedVendor


@dataclass(frozen=True, slots=True)
class Example:
    """Example value in a document, its schema, and its direction."""

    place: str
    value: Any
    schema: Any
    direction: Any


def test_every_example_is_valid_by_an_independent_validator(served: MountedVendor) -> None:
    document = served.document

    wrong = {
        each.place: found
        for each in examples(served)
        if (found := independent_violations(document, each.schema, each.value, each.direction))
    }

    assert wrong == {}


def test_every_example_is_valid_by_our_validator(served: MountedVendor) -> None:
    schemas = SchemaCompiler(served.document)

    wrong = {
        each.place: found
        for each in examples(served)
        if (found := schemas.validator(each.schema, each.direction).violations(each.value))
    }

    assert wrong == {}


def test_the_search_for_examples_finds_some(served: MountedVendor) -> None:
    directions = [each.direction for each in examples(served)]

    assert directions.count("request") > 1
    assert directions.count("response") >= len(served.operations)


def examples(served: MountedVendor) -> Iterator[Example]:
    """Yield every example of parameters, bodies, responses and headers, and the examples inside schemas."""
    document = served.document
    for operation in served.operations:
        for parameter in operation.parameters:
            yield from _named(document, f"{operation.id}/{parameter.name}", parameter.node, "request")
        if operation.body is not None:
            for media, node in operation.body.node["content"].items():
                yield from _named(document, f"{operation.id}/{media}", node, "request")
        for status, response in operation.responses.items():
            place = f"{operation.id}/{status}"
            for media, node in response.node.get("content", {}).items():
                yield from _named(document, f"{place}/{media}", node, "response")
            for header in response.headers:
                yield from _named(document, f"{place}/{header.name}", header.node, "response")
    yield from _inside(served.document.raw, "#")


def _named(document: Document, place: str, node: Any, direction: str) -> Iterator[Example]:
    for name, example in examples_of(document, node).items():
        yield Example(f"{place}/{name}", example["value"], node["schema"], direction)


def _inside(node: Any, place: str) -> Iterator[Example]:
    """Yield the examples and defaults inside schemas."""
    if isinstance(node, list):
        for number, part in enumerate(node):
            yield from _inside(part, f"{place}/{number}")
    if not isinstance(node, dict):
        return
    if "schema" not in node and isinstance(node.get("type"), str):
        for key in ("example", "default"):
            if key in node:
                yield Example(f"{place}/{key}", node[key], node, "request" if node.get("writeOnly") else "response")
    for key, part in node.items():
        if key not in ("example", "examples", "default", "enum") and not key.startswith("x-"):
            yield from _inside(part, f"{place}/{key}")
