"""Conventions of ``docs/adding-a-vendor.md`` that every document keeps."""

import re
from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator

from tests.contract.document_walk import properties, references
from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import example_requests
from understudy.contract.examples import examples_of
from understudy.http.mounted_vendor import MountedVendor
from understudy.settings import MEBIBYTE

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
SOURCES = {"documented", "older-version", "sibling-page", "inferred"}
OF_NO_OPERATION = {"405", "500"}


def test_a_document_is_valid_openapi(served: MountedVendor) -> None:
    errors = [error.message for error in OpenAPIV30SpecValidator(dict(served.document.raw)).iter_errors()]

    assert errors == []


def test_a_document_has_the_vendors_address(vendor: MountedVendor) -> None:
    assert vendor.document.raw["servers"]
    assert vendor.mount.hosts


def test_an_operation_has_a_provenance(served: MountedVendor) -> None:
    for operation in served.operations:
        given = {part: operation.provenance.get(part) for part in ("path", "shapes", "errors")}

        assert set(given.values()) <= SOURCES, operation.id
        assert set(operation.provenance) <= {*given, "note", "confidence"}, operation.id


def test_an_operation_id_is_a_function_name(served: MountedVendor) -> None:
    assert [operation.id for operation in served.operations if not SNAKE_CASE.fullmatch(operation.id)] == []


def test_an_operation_has_one_tag_and_each_tag_a_description(served: MountedVendor) -> None:
    described = {tag["name"] for tag in served.document.raw.get("tags", ()) if tag.get("description")}

    for operation in served.operations:
        assert len(operation.node.get("tags", ())) == 1, operation.id
        assert operation.tag in described, operation.id
        assert operation.summary, operation.id
        assert operation.node.get("description"), operation.id


def test_every_described_tag_has_operations(served: MountedVendor) -> None:
    used = {operation.tag for operation in served.operations}

    assert [tag["name"] for tag in served.document.raw.get("tags", ()) if tag["name"] not in used] == []


def test_an_operation_declares_the_statuses_of_the_contract(served: MountedVendor) -> None:
    for operation in served.operations:
        needed = contract_statuses(operation)
        assert needed <= set(operation.responses), operation.id


def test_no_operation_declares_a_status_of_no_operation(served: MountedVendor) -> None:
    for operation in served.operations:
        assert not OF_NO_OPERATION & set(operation.responses), operation.id
        assert "default" not in operation.responses, operation.id


def test_a_rule_is_complete_and_its_status_is_declared(served: MountedVendor) -> None:
    for operation in served.operations:
        for rule in operation.rules:
            assert {"status", "rule", "source"} <= rule.keys(), operation.id
            assert str(rule["status"]) in operation.responses, (operation.id, rule)
            assert rule["source"] in SOURCES, (operation.id, rule)


def test_a_response_has_a_description_a_schema_and_an_example_or_no_body(served: MountedVendor) -> None:
    for operation in served.operations:
        assert any(status.startswith("2") for status in operation.responses), operation.id
        for status, response in operation.responses.items():
            place = (operation.id, status)
            assert response.node["description"], place
            assert len(response.media) <= 1, place
            for media in response.node.get("content", {}).values():
                assert media.get("schema"), place
                assert examples_of(served.document, media), place


def test_a_required_part_of_a_request_has_an_example(served: MountedVendor) -> None:
    for operation in served.operations:
        for parameter in operation.parameters:
            assert parameter.node.get("description"), (operation.id, parameter.name)
            if parameter.is_required:
                assert examples_of(served.document, parameter.node), (operation.id, parameter.name)
        if operation.body is not None:
            for media, node in operation.body.node["content"].items():
                assert examples_of(served.document, node), (operation.id, media)


def test_a_request_example_has_a_response_example_of_its_name(served: MountedVendor) -> None:
    """Without a response example of the same name, no test would send the request example."""
    document = served.document
    asked: set[str] = set()
    answered: set[str] = set()
    for operation in served.operations:
        bodies = [*operation.body.node["content"].values()] if operation.body else []
        nodes = [*(parameter.node for parameter in operation.parameters), *bodies]
        asked |= {name for node in nodes for name in [*examples_of(document, node)][1:]}
        for response in operation.responses.values():
            shown = [
                node for media in response.node.get("content", {}).values() for node in examples_of(document, media)
            ]
            answered.update(shown or [name for node in nodes for name in examples_of(document, node)])

    assert asked - answered == set()


def test_every_example_response_has_a_request(served: MountedVendor) -> None:
    for operation in served.operations:
        assert len(list(example_requests(served.document, operation, MEBIBYTE))) >= len(operation.responses), (
            operation.id
        )


def test_a_security_scheme_has_a_function_and_is_used(served: MountedVendor) -> None:
    schemes = served.document.raw.get("components", {}).get("securitySchemes", {})
    needed = {each.scheme for operation in served.operations for part in operation.security for each in part}

    assert needed == set(schemes)
    assert needed <= set(served.vendor.security)


def test_a_field_is_described(served: MountedVendor) -> None:
    assert [place for place, node in properties(served.document.raw, "#") if not described(served, node)] == []


def test_nothing_shared_is_unused(served: MountedVendor) -> None:
    used = set(references(served.document.raw))

    for kind, shared in served.document.raw.get("components", {}).items():
        if kind != "securitySchemes":
            assert [name for name in shared if f"#/components/{kind}/{name}" not in used] == [], kind


def contract_statuses(operation: Operation) -> set[str]:
    """Return the statuses with which the endpoint refuses a request before the handler is called."""
    needed: set[str] = set()
    if operation.security and () not in operation.security:
        needed.add("401")
    if any(requirement.scopes for part in operation.security for requirement in part):
        needed.add("403")
    if operation.body is not None:
        needed |= {"400", "413", "415"}
    if operation.refuses_unknown_query or any(parameter.where == "query" for parameter in operation.parameters):
        needed.add("400")
    if "x-refused-with" in operation.node:
        needed -= {"400", "401", "403"}
        needed.add(str(operation.node["x-refused-with"]))
    return needed


def described(served: MountedVendor, node: Any) -> bool:
    """Return whether a property has a description: its own, its schema's, or that of a part of its ``allOf``."""
    found = served.document.resolve(node)
    if not isinstance(found, dict):
        return False
    return bool(found.get("description")) or any(described(served, part) for part in found.get("allOf", ()))
