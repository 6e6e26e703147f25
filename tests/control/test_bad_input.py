"""Malformed requests to the control API: each gets a declared response, never a 500."""

from collections.abc import Iterator

import pytest

from tests.asgi import call
from tests.contract.conftest import control_server
from tests.contract.control_examples import prepare_control_examples
from tests.http.test_bodies import NOT_JSON
from understudy.contract.compiled_operations import Operation
from understudy.contract.example_requests import ExampleRequest, example_requests
from understudy.core.world_names import CONTROL_PATH
from understudy.settings import MEBIBYTE

IN_PATHS = ("%00", "%FF", "%2F", "..", "%E2%80%A8", "x" * 5_000, "%F0%9F%98%80", "a%0Ab")
IN_QUERIES = (*IN_PATHS, "-1", "1e400", "null", "[]", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00%2B14:00", "9" * 25)
OPERATIONS = {operation.id: operation for operation in control_server().control_api.operations}


def malformed(operation: Operation, usual: ExampleRequest) -> Iterator[tuple[str, bytes]]:
    """Yield targets and bodies, each malformed in one place."""
    if operation.body is not None:
        yield from ((usual.target, body) for body in NOT_JSON.values())
    parts = usual.target.split("/")
    for place, part in enumerate(operation.path.split("/")):
        if part.startswith("{"):
            yield from (("/".join([*parts[:place], text, *parts[place + 1 :]]), usual.body) for text in IN_PATHS)
    for parameter in operation.parameters:
        if parameter.where == "query":
            yield from ((f"{usual.target}?{parameter.name}={text}", usual.body) for text in IN_QUERIES)


@pytest.mark.parametrize("name", OPERATIONS)
def test_malformed_input_gets_a_declared_response(name: str) -> None:
    understudy, operation = control_server(), OPERATIONS[name]
    prepare_control_examples(understudy)
    usual = next(
        each for each in example_requests(understudy.control_api.document, operation, MEBIBYTE) if each.status < 300
    )
    headers = {"content-type": "application/json", "Authorization": "Bearer understudy-token"}

    for target, body in malformed(operation, usual):
        answer = call(understudy.asgi, operation.method.upper(), CONTROL_PATH + target, headers=headers, body=body)
        assert str(answer.status) in operation.responses or answer.status == 404, (target[:100], answer)
    assert understudy.control_world.journal.breaches() == []
