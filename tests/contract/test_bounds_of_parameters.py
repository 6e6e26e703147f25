"""Numeric bounds of every parameter: taken at the bound, and refused one beside it."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.asgi import call
from tests.contract.conftest import control_server, everything
from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import ExampleRequest, example_requests
from understudy.control.control_state import CONTROL_VENDOR
from understudy.http.mounted_vendor import MountedVendor
from understudy.settings import MEBIBYTE

GREATEST = {"int32": 2**31 - 1, "int64": 2**63 - 1}


class Bounded(NamedTuple):
    """Query parameter of an operation, with the values at its bounds, those beside them, and a request without it."""

    served: MountedVendor
    request: ExampleRequest
    name: str
    within: list[str]
    beside: list[str]

    def __str__(self) -> str:
        return f"{self.request.operation.vendor}-{self.request.operation.id}-{self.name}"


def values(schema: Any) -> tuple[list[str], list[str]]:
    """Return the values at a schema's bounds, and those beside them."""
    kind = schema.get("type")
    if kind == "array":
        return values(schema["items"])
    if kind in ("integer", "number"):
        least, most = schema.get("minimum"), schema.get("maximum")
        greatest = GREATEST[schema.get("format", "int64")] if kind == "integer" else None
        most = greatest if most is None else most
        step = 1 if kind == "integer" else 0.001
        bounds = [(least, -step), (most, step)]
        given = [(bound, away) for bound, away in bounds if bound is not None]
        return [str(bound) for bound, _ in given], [str(bound + away) for bound, away in given]
    if kind == "string" and not {"enum", "pattern", "format"} & schema.keys():
        least, most = schema.get("minLength"), schema.get("maxLength")
        within = ["a" * length for length in (least, most) if length]
        return within, ["a" * length for length in (least and least - 1, most and most + 1) if length]
    return [], []


def bounded(served: MountedVendor) -> Iterator[Bounded]:
    for operation in served.operations:
        request = accepted_request(served, operation)
        for parameter in operation.parameters:
            within, beside = values(served.document.resolve(parameter.node["schema"]))
            if parameter.where == "query" and request is not None and (within or beside):
                yield Bounded(served, request, parameter.name, within, beside)


def accepted_request(served: MountedVendor, operation: Operation) -> ExampleRequest | None:
    found = example_requests(served.document, operation, MEBIBYTE)
    return next((request for request in found if request.status < 300), None)


def send(case: Bounded, value: str) -> Any:
    """Send the request with this value of the parameter to a world without changes."""
    path, _, query = case.request.target.partition("?")
    given = [(name, each) for name, each in parse_qsl(query, keep_blank_values=True) if name != case.name]
    target = f"{path}?{urlencode([*given, (case.name, value)])}"
    vendor, understudy = case.served.vendor, control_server()
    is_control = vendor.name == CONTROL_VENDOR
    assert vendor.sign_in
    world = understudy.control_world if is_control else understudy.worlds.get_or_create("bounds")
    state = world.vendors[vendor.name]
    headers = {**case.request.headers, **vendor.sign_in(state, case.request.role)}
    prefix = case.served.base_path if is_control else f"/@bounds{case.served.base_path}"
    method = case.request.operation.method.upper()
    return call(understudy.asgi, method, prefix + target, headers=headers, body=case.request.body)


CASES = [case for served in everything().values() for case in bounded(served)]


def test_there_are_bounded_parameters() -> None:
    assert len(CASES) > 30


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_parameter_is_taken_at_its_bounds_and_refused_beside_them(case: Bounded) -> None:
    for value in case.within:
        answer = send(case, value)
        assert answer.status < 500
        assert answer.headers.get("understudy-refused-by") != "contract", (value, answer.body)
    for value in case.beside:
        answer = send(case, value)
        assert answer.headers.get("understudy-refused-by") == "contract", (value, answer.status, answer.body)
