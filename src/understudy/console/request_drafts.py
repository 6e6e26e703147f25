"""Drafts of requests: the values with which the form of an operation is filled, and the request that it sends."""

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import quote, urlencode

from understudy.console.json_markup import json_line, json_text
from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.example_requests import BOUNDARY, encode_body
from understudy.contract.examples import examples_of, request_examples, sample_schema
from understudy.contract.parameters import Parameter
from understudy.contract.schema_compiler import compiler_of
from understudy.core.json_types import Json
from understudy.core.media_types import MULTIPART, is_json
from understudy.http.mounted_vendor import MountedVendor

KEY, PARENT = "@key", "@parent"
"""Properties of a stored record of a recognised resource: its id, and the ids in the path before it."""

MAX_SEED = 1_000_000
NO_MEDIA = ""
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Draft:
    """Values of a form: a text for each parameter by ``where:name``, the media type, the body, and the role."""

    texts: Mapping[str, str] = field(default_factory=dict)
    media: str = NO_MEDIA
    body: str = ""
    role: str = ""


def field_name(parameter: Parameter) -> str:
    """Return the name of a parameter's field: a query and a path may have parameters of one name."""
    return f"{parameter.where}:{parameter.name}"


def accepted_examples(document: Document, operation: Operation) -> list[str]:
    """Return the names of the request's examples that are accepted: an answer that is a success has one of the name."""
    named = {name for _, examples in request_examples(document, operation) for name in examples}
    return [
        name
        for status, response in operation.responses.items()
        if status.startswith("2")
        for media in response.node.get("content", {}).values()
        for name in examples_of(document, media)
        if name in named
    ]


def example_names(document: Document, operation: Operation) -> list[str]:
    """Return the names of the request's examples, those that are accepted first."""
    named = [name for _, examples in request_examples(document, operation) for name in examples]
    return list(dict.fromkeys([*accepted_examples(document, operation), *named]))


def example_roles(document: Document, operation: Operation) -> dict[str, str]:
    """Return the roles that the examples of an operation's answers are for, by the examples' names."""
    return {
        name: str(example["x-role"])
        for response in operation.responses.values()
        for media in response.node.get("content", {}).values()
        for name, example in examples_of(document, media).items()
        if "x-role" in example
    }


def vendor_roles(mounted: MountedVendor) -> tuple[str, ...]:
    """Return the roles that the examples of a vendor's document name."""
    return tuple(
        sorted({role for each in mounted.operations for role in example_roles(mounted.document, each).values()})
    )


def draft_of_example(document: Document, operation: Operation, name: str) -> Draft:
    """Return the draft of an example by name: its parts, and the first examples of what else is required."""
    texts = {field_name(each): _example_text(document, each, name) for each in operation.parameters}
    role = example_roles(document, operation).get(name, "")
    for media, part in (operation.body.node["content"] if operation.body else {}).items():
        examples = examples_of(document, part)
        if name in examples or (operation.body and operation.body.is_required):
            chosen = examples.get(name) or next(iter(examples.values()), None)
            value = chosen["value"] if chosen is not None and "value" in chosen else usual_value(document, part)
            return Draft(texts, media, body_text(value, media), role)
    return Draft(texts, role=role)


def _example_text(document: Document, parameter: Parameter, name: str) -> str:
    examples = examples_of(document, parameter.node)
    if name in examples:
        return parameter_text(examples[name].get("value"))
    if not parameter.is_required:
        return ""
    return parameter_text(usual_value(document, parameter.node))


def usual_value(document: Document, node: Mapping[str, Any]) -> Any:
    """Return the first example of a parameter or media type, else a value made from its schema, else ``None``."""
    for example in examples_of(document, node).values():
        if "value" in example:
            return example["value"]
    try:
        return sample_schema(document, node.get("schema", {}))
    except (TypeError, KeyError, AttributeError, RecursionError):  # a user's document may have any schema
        return None


def generated_draft(document: Document, operation: Operation, seed: int) -> Draft:
    """Return a draft with values that are made from the schemas: the same for the same seed.

    An example is taken where none can be made.
    """
    samples = import_module("understudy.samples.sample_maker")  # it imports Faker, which takes long
    maker = samples.SampleMaker(document, compiler_of(document, is_lazy=True))
    key = f"{operation.id}-{seed}"
    texts = {}
    for each in operation.parameters:
        texts[field_name(each)] = ""
        if each.is_required:
            texts[field_name(each)] = _example_text(document, each, "")
            if each.where != "path" or document.is_foreign:
                with contextlib.suppress(samples.NoValue):
                    texts[field_name(each)] = parameter_text(maker.media_value(each.node, key))
    for media, part in (operation.body.node["content"] if operation.body else {}).items():
        with contextlib.suppress(samples.NoValue):
            make = maker.value if seed == 0 else maker.generated
            value = make(part.get("schema", {}), key, direction="request")
            return Draft(texts, media, body_text(value, media))
    return Draft(texts, *_first_body(document, operation))


def _first_body(document: Document, operation: Operation) -> tuple[str, str]:
    for media, part in (operation.body.node["content"] if operation.body else {}).items():
        return media, body_text(usual_value(document, part), media)
    return NO_MEDIA, ""


def parameter_text(value: Any) -> str:
    """Return a parameter's value as the text of its field; items of a list have commas between them."""
    if isinstance(value, list):
        return ",".join(map(parameter_text, value))
    return value if isinstance(value, str) else "" if value is None else json_line(value)


def body_text(value: Any, media: str) -> str:
    """Return a body's value as the text of its field."""
    if is_json(media) or media.endswith("/*"):
        return json_text(value)
    if isinstance(value, str):
        return value
    try:
        return encode_body(value, media)[0].decode().replace("\r\n", "\n")
    except (TypeError, AttributeError, UnicodeDecodeError):
        return json_line(value)


def with_stored_ids(operation: Operation, draft: Draft, records: Mapping[str, Json]) -> Draft:
    """Return a draft whose path leads to a stored record, if its collection is among ``records``.

    A collection's name is that of the segment before the id.
    """
    segments = [each for each in operation.path.split("/") if each]
    names = [each[1:-1] for each in segments if each.startswith("{") and each.endswith("}")]
    before = {each[1:-1]: segments[at - 1] for at, each in enumerate(segments) if each.startswith("{") and at}
    for name in reversed(names):
        record = records.get(before.get(name, ""))
        if record is None or KEY not in record:
            continue
        parents = [text for text in str(record.get(PARENT, "")).split("/") if text]
        earlier = names[: names.index(name)]
        found = dict(zip(earlier[-len(parents) :] if parents else (), parents, strict=False)) | {name: record[KEY]}
        texts = {**draft.texts, **{f"path:{each}": str(value) for each, value in found.items()}}
        return Draft(texts, draft.media, draft.body, draft.role)
    return draft


def target_of(operation: Operation, texts: Mapping[str, str]) -> str:
    """Return the path and the query of a form's request, below the base path. Empty optional fields are left out."""
    path, query = operation.path, []
    for each in operation.parameters:
        text = texts.get(field_name(each), "")
        if each.where == "path":
            path = path.replace(f"{{{each.name}}}", quote(text, safe=""))
        elif each.where == "query" and text:
            query += [(each.name, part) for part in _parts(each, text)]
    return f"{path}?{urlencode(query)}" if query else path


def headers_of(operation: Operation, texts: Mapping[str, str], media: str, extra: str) -> list[tuple[str, str]]:
    """Return the headers of a form's request; ``extra`` has lines of ``Name: value``."""
    found = [
        (each.name, texts[field_name(each)])
        for each in operation.parameters
        if each.where == "header" and texts.get(field_name(each))
    ]
    cookies = [
        f"{each.name}={texts[field_name(each)]}"
        for each in operation.parameters
        if each.where == "cookie" and texts.get(field_name(each))
    ]
    if cookies:
        found.append(("Cookie", "; ".join(cookies)))
    if media:
        found.append(("Content-Type", f"{media}; boundary={BOUNDARY}" if media == MULTIPART else media))
    return found + list(extra_headers(extra))


def extra_headers(text: str) -> Iterator[tuple[str, str]]:
    """Yield the headers in lines of ``Name: value``; raise ``ValueError`` for a line that is none."""
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if not line.strip():
            continue
        if not colon or not HEADER_NAME.fullmatch(name.strip()):
            raise ValueError(f"{line.strip()[:100]!r} is no header: write Name: value")
        yield name.strip(), value.strip()


def body_bytes(text: str, media: str) -> bytes:
    """Return a form's body as it is sent: browsers send each line of a field with two characters at its end."""
    lines = text.replace("\r\n", "\n")
    return (lines.replace("\n", "\r\n") if media == MULTIPART else lines).encode()


def _parts(parameter: Parameter, text: str) -> Sequence[str]:
    return text.split(",") if parameter.is_list and parameter.is_exploded else [text]
