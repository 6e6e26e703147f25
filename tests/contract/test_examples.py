"""Every example in every document keeps its schema: an independent validator says so, and so does ours."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.contract.judge import complaints
from understudy.contract.document import Document
from understudy.contract.examples import examples_of
from understudy.contract.schema_compiler import SchemaCompiler
from understudy.http.vendor_mount import MountedVendor


@dataclass(frozen=True, slots=True)
class Example:
    """A value that a document shows, the schema that it is shown for, and which way it goes."""

    place: str
    value: Any
    schema: Any
    direction: Any


def test_every_example_keeps_its_schema_by_an_independent_judge(served: MountedVendor) -> None:
    document = served.document

    wrong = {
        each.place: found
        for each in examples(served)
        if (found := complaints(document, each.schema, each.value, each.direction))
    }

    assert wrong == {}


def test_every_example_keeps_its_schema_by_our_own_judgement(served: MountedVendor) -> None:
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
    """Every example of parameters, bodies, answers and headers, and those inside schemas."""
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
    """Yield the examples and defaults that schemas hold."""
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
