"""Check of a foreign document as a whole: its examples, its schemas, and what is recognised in it."""

from collections.abc import Iterator, Mapping
from typing import Any

from understudy.contract.compiled_operations import Operation
from understudy.contract.document import Document
from understudy.contract.examples import examples_of
from understudy.contract.foreign.findings import Finding
from understudy.contract.foreign.loading import ForeignDocument
from understudy.contract.json_schema_validator import LazyValidator, Validator
from understudy.contract.schema_compiler import compiler_of
from understudy.contract.text_values import CachedTyper
from understudy.core.misconfigured import Misconfigured
from understudy.core.refused import Refused
from understudy.resources.hinted import HINT, Hinted, view_hint
from understudy.resources.outgoing_check import OutgoingCheck
from understudy.resources.recognition import find_resources
from understudy.resources.resource import Resource
from understudy.resources.sampled_replies import any_sampled_reply
from understudy.resources.view_parameters import ViewParameters
from understudy.samples.sample_maker import SampleMaker
from understudy.samples.x_faker import unknown_methods


def check_document(document: Document, operations: tuple[Operation, ...]) -> list[Finding]:
    """Return the findings that need every schema compiled: examples that break theirs, and answers that none fits."""
    maker = SampleMaker(document, compiler_of(document, is_lazy=True))
    unknown = [Finding("x-faker", place, reason) for place, reason in unknown_methods(document)]
    found = [*unknown, *(finding for each in operations for finding in _check_operation(document, each, maker))]
    used = {use.operation.id for each in find_resources(document, operations) for use in each.uses}
    found += OutgoingCheck(document, operations).findings()
    return found + [
        Finding("hint", f"{each.method.upper()} {each.path}", "x-understudy has no effect: it is of no resource")
        for each in operations
        if each.node.get(HINT) and not Hinted.is_sample(each) and each.id not in used
    ]


def refuse_findings(document: ForeignDocument, operations: tuple[Operation, ...]) -> None:
    """Raise ``Misconfigured`` if a part of a document is not obeyed, with the number of such parts and the first."""
    found = [*document.findings, *check_document(document, operations)]
    if found:
        parts = f"{len(found)} {'part is' if len(found) == 1 else 'parts are'} not obeyed"
        raise Misconfigured(
            f"{document.entry}: {parts}: {found[0].place}: {found[0].message}"
            + (" (the first; understudy check lists them)" if len(found) > 1 else "")
        )


def _check_operation(document: Document, operation: Operation, maker: SampleMaker) -> Iterator[Finding]:
    place = f"{operation.method.upper()} {operation.path}"
    for name, validator, node in _checked_parts(operation):
        if isinstance(validator, LazyValidator):
            try:
                validator.compile()
            except ValueError as error:
                yield Finding("schema", f"{place} {name}", f"is not checked: {error}")
        for example, found in examples_of(document, node).items():
            if "value" in found and not validator.is_valid(found["value"]):
                yield Finding("example", f"{place} {name}", f"the example {example!r} breaks its schema")
    try:
        any_sampled_reply(operation, maker)
    except Refused as refused:
        yield Finding("answer", place, refused.message)


def _checked_parts(operation: Operation) -> Iterator[tuple[str, Validator, Mapping[str, Any]]]:
    for parameter in operation.parameters:
        yield f"{parameter.where} {parameter.name}", parameter.validator, parameter.node
    if operation.body is not None:
        for media, validator in operation.body.media.items():
            yield f"body {media}", validator, operation.body.node["content"][media]
    for status, response in operation.responses.items():
        for media, validator in response.media.items():
            yield f"{status} {media}", validator, response.node["content"][media]


def describe_resources(document: Document, operations: tuple[Operation, ...]) -> list[dict[str, Any]]:
    """Return, for each resource, its collection, paths, id, the operations by role, and the parameters of views."""
    typer = CachedTyper(document)
    return [
        {
            "collection": each.name,
            "item": each.item_path,
            "id": "(a single record)" if each.is_single else each.id_property or "(in the path only)",
            "operations": ", ".join(f"{use.role} {use.operation.id}" for use in each.uses),
            "views": _views(typer, each),
        }
        for each in find_resources(document, operations)
    ]


def describe_outgoing(document: Document, operations: tuple[Operation, ...]) -> list[dict[str, Any]]:
    """Return the document's callbacks and webhooks, each with the operations after which it is sent."""
    return OutgoingCheck(document, operations).described()


def _views(typer: CachedTyper, resource: Resource) -> str:
    """Return the parameters by which a resource's records are shown in another way, by what they do."""
    found: dict[str, dict[str, None]] = {}
    for use in resource.uses:
        if use.role != "delete" and use.place is not None:
            for kind, names in ViewParameters(use.operation, typer, view_hint(use.operation)).described().items():
                found.setdefault(kind, {}).update(dict.fromkeys(names))
    return "; ".join(f"{kind} {', '.join(names)}" for kind, names in found.items())
